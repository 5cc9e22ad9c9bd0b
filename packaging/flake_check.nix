# The flake's outputs with a nixpkgs of a few lines, so that they are evaluated where the real one cannot be fetched.
{ flake }:
let
  pkgs = {
    rustPlatform.buildRustPackage = arguments: arguments;
    installShellFiles = "installShellFiles";
    mkShell = arguments: arguments;
    cargo = "cargo";
    clippy = "clippy";
    rustc = "rustc";
    rustfmt = "rustfmt";
  };
  nixpkgs = {
    lib.genAttrs = names: make: builtins.listToAttrs (map (name: { inherit name; value = make name; }) names);
    lib.splitString = separator: text: builtins.filter builtins.isString (builtins.split separator text);
    lib.getLicenseFromSpdxId = id: { MIT = "mit"; "Apache-2.0" = "asl20"; }.${id};
    legacyPackages = builtins.listToAttrs (map (name: { inherit name; value = pkgs; }) [
      "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin"
    ]);
  };
  outputs = (import flake).outputs { self = "source"; inherit nixpkgs; };
  package = outputs.packages.x86_64-linux.default;
in
builtins.deepSeq outputs {
  inherit (package) version;
  licenses = builtins.length package.meta.license;
  systems = builtins.length (builtins.attrNames outputs.packages);
}
