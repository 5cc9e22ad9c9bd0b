# Runs the install and test blocks of the formula: just enough of Homebrew's words to try it without Homebrew.
#
#     ruby formula_check.rb FORMULA UNPACKED-ARCHIVE

require "fileutils"
require "tmpdir"

formula_file, archive = ARGV
PREFIX = Dir.mktmpdir
at_exit { FileUtils.remove_entry PREFIX }

class Directory
  def initialize(path) = @path = File.join(PREFIX, path)

  def install(*items)
    FileUtils.mkdir_p @path
    items.flatten.each do |item|
      pairs = item.is_a?(Hash) ? item : { item => File.basename(item) }
      pairs.each { |from, to| FileUtils.cp from, File.join(@path, to) }
    end
  end

  def to_s = @path
end

class Formula
  @facts = Hash.new { |facts, name| facts[name] = [] }
  class << self
    def inherited(formula) = formula.instance_variable_set(:@facts, @facts)
    def facts = @facts
    def test(&block) = define_method(:run_test, &block)

    %i[desc homepage version license url sha256].each do |name|
      define_method(name) { |value = nil| value ? @facts[name] << value : @facts[name].first }
    end
    %i[on_macos on_linux on_arm on_intel].each { |name| define_method(name) { |&block| instance_eval(&block) } }
  end

  { bin: "bin", man1: "share/man/man1", bash_completion: "etc/bash_completion.d",
    zsh_completion: "share/zsh/site-functions", fish_completion: "share/fish/vendor_completions.d" }.each do |name, path|
    define_method(name) { Directory.new(path) }
  end

  def version = self.class.version
  def shell_output(command) = `#{command}`.tap { raise "#{command}: #{$?}" unless $?.success? }
  def assert_equal(wanted, found) = wanted == found || raise("#{wanted.inspect} is not #{found.inspect}")
  def assert_match(part, text) = text.include?(part) || raise("#{text.inspect} lacks #{part.inspect}")
end

load formula_file
facts = Formula.facts
raise "three archives, each with its checksum" unless facts[:url].length == 3 && facts[:sha256].uniq.all?(/\A\h{64}\z/)
raise "the description is too long for Homebrew" if facts[:desc].first.length > 80

formula = Getcard.new
Dir.chdir(archive) { formula.install }
formula.run_test
wanted = %w[bin/getcard share/man/man1/getcard.1 etc/bash_completion.d/getcard share/zsh/site-functions/_getcard
            share/fish/vendor_completions.d/getcard.fish]
wanted.each { |path| raise "not installed: #{path}" unless File.file? File.join(PREFIX, path) }
