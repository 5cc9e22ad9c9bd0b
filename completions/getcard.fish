complete --keep-order --exclusive --command getcard --arguments "(GETCARD_COMPLETE=fish getcard -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"
