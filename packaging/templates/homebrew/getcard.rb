class Getcard < Formula
  desc "@@description@@"
  homepage "@@repository@@"
  version "@@version@@"
  license any_of: @@licenses_ruby@@

  on_macos do
    url "@@downloads@@/@@archive_universal_apple_darwin@@"
    sha256 "@@sha256_universal_apple_darwin@@"
  end

  on_linux do
    on_arm do
      url "@@downloads@@/@@archive_aarch64_unknown_linux_musl@@"
      sha256 "@@sha256_aarch64_unknown_linux_musl@@"
    end
    on_intel do
      url "@@downloads@@/@@archive_x86_64_unknown_linux_musl@@"
      sha256 "@@sha256_x86_64_unknown_linux_musl@@"
    end
  end

  def install
    bin.install "getcard"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/getcard.bash" => "getcard"
    zsh_completion.install "completions/_getcard"
    fish_completion.install "completions/getcard.fish"
  end

  test do
    assert_equal "getcard #{version}", shell_output("#{bin}/getcard --version").strip
    assert_match "PDF417", shell_output("#{bin}/getcard demo --once --json")
  end
end
