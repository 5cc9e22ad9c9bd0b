set edit:completion:arg-completer[getcard] = { |@words|
    var index = (count $words)
    set index = (- $index 1)

    put (env _CLAP_IFS="\n" _CLAP_COMPLETE_INDEX=(to-string $index) GETCARD_COMPLETE="elvish" getcard -- $@words) | to-lines
}
