{
  description = "Campus card on the GET service in the terminal";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      package = (builtins.fromTOML (builtins.readFile ./Cargo.toml)).package;
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      perSystem = make: lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
    in
    {
      packages = perSystem (pkgs: {
        default = pkgs.rustPlatform.buildRustPackage {
          pname = package.name;
          inherit (package) version;
          src = self;
          cargoLock.lockFile = ./Cargo.lock;
          nativeBuildInputs = [ pkgs.installShellFiles ];
          # The end-to-end tests want a keychain and a barcode reader; tests/run.sh brings them.
          cargoTestFlags = [ "--lib" ];
          postInstall = ''
            installManPage man/*.1
            installShellCompletion --cmd getcard \
              --bash completions/getcard.bash --zsh completions/_getcard --fish completions/getcard.fish
          '';
          meta = {
            inherit (package) description;
            homepage = package.repository;
            license = map lib.getLicenseFromSpdxId (lib.splitString " OR " package.license);
            mainProgram = package.name;
          };
        };
      });

      devShells = perSystem (pkgs: {
        default = pkgs.mkShell { packages = with pkgs; [ cargo clippy rustc rustfmt ]; };
      });
    };
}
