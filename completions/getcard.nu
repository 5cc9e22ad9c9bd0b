module completions {

  def "nu-complete getcard store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard log_format" [] {
    [ "text" "json" ]
  }

  # A student's campus card on the GET service, in the terminal
  export extern getcard [
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete getcard login store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard login color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard login log_format" [] {
    [ "text" "json" ]
  }

  # Sign in at the school's page and link the card
  export extern "getcard login" [
    --school: string          # The school's short name, or a unique part of its name. The default is the school of the configuration or of the last link; if there is neither, getcard asks
    --no-browser              # Do not open a browser
    --print-url               # Only print the address of the sign-in page
    --qr: path                # Read the validated URL from an image of a QR code (PNG, JPEG, WebP); `-` is standard input
    --replace                 # Link again even if a card is linked, then revoke the old device
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard login store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard login color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard login log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete getcard link store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard link color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard link log_format" [] {
    [ "text" "json" ]
  }

  # Link the card from a validated URL, a session id or a QR code
  export extern "getcard link" [
    --qr: path                # Read it from an image of a QR code (PNG, JPEG, WebP); `-` is standard input
    --replace                 # Link again even if a card is linked, then revoke the old device
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard link store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard link color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard link log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    validated?: string        # The validated URL, or the session id in it; leave it out or use `-` to read it from standard input, where other users of this machine cannot see it
  ]

  def "nu-complete getcard status store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard status color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard status log_format" [] {
    [ "text" "json" ]
  }

  # Show whether a card is linked, and whether it works
  export extern "getcard status" [
    --check                   # Ask the service whether the credentials work
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard status store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard status color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard status log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete getcard profiles store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard profiles color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard profiles log_format" [] {
    [ "text" "json" ]
  }

  # List the profiles of this machine
  export extern "getcard profiles" [
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard profiles store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard profiles color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard profiles log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete getcard balance store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard balance color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard balance log_format" [] {
    [ "text" "json" ]
  }

  # Show what is left on your accounts
  export extern "getcard balance" [
    --all                     # Show every account, including inactive ones and payment cards
    --below: string           # Exit with 6 if any selected account is below this amount, and name it. The accounts must have the same unit, dollars or meals. Without an amount, compare each account with its threshold under `[low]` in the configuration
    --value                   # Print bare numbers, one per line; an empty line for an unknown balance
    --watch: string           # Check the balances every SECONDS (5 or more) and print them when they change; with --below, stop when an account is below
    --notify                  # With `--watch`, show a desktop notification when an account falls below its threshold, and again only after it has risen
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard balance store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard balance color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard balance log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    ...accounts: string       # Accounts to show: ids or parts of names
  ]

  def "nu-complete getcard barcode format" [] {
    [ "text" "svg" "png" "payload" ]
  }

  def "nu-complete getcard barcode graphics" [] {
    [ "auto" "cells" "kitty" "sixel" "iterm" ]
  }

  def "nu-complete getcard barcode store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard barcode color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard barcode log_format" [] {
    [ "text" "json" ]
  }

  # Show the barcode to scan at the register
  export extern "getcard barcode" [
    --refresh: string         # Seconds between refreshes of the full-screen view, 5 or more; with `--output`, keep the file fresh until interrupted, then replace the code with EXPIRED
    --once                    # Print one barcode and exit
    --format: string@"nu-complete getcard barcode format" # Print one barcode in this format and exit
    --output(-o): path        # Write the barcode to this file; its extension selects the format unless `--format` does
    --columns: string         # Number of data columns of the PDF417 symbol
    --ec-level: string        # Error correction level of the PDF417 symbol
    --graphics: string@"nu-complete getcard barcode graphics" # How the full-screen view draws the barcode
    --until-charged           # Wait until the card is charged, print what was paid, and exit; a file given with `--output` is kept fresh meanwhile. With `--json`, print one line per change
    --notify                  # With `--until-charged`, show a desktop notification when the card is charged
    --account: string         # Watch and show only this account: an id or part of a name; may be repeated
    --expires: string         # How long `--until-charged` waits before it exits with 6, for example `90s` or `5m`
    --min-amount: string      # Wait for a charge of at least this amount, in the account's unit
    --at: string              # Wait for a charge at a place whose name contains this
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard barcode store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard barcode color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard barcode log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete getcard demo store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard demo color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard demo log_format" [] {
    [ "text" "json" ]
  }

  # Show everything without an account, on a simulated service
  export extern "getcard demo" [
    --once                    # Print a single frame and exit
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard demo store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard demo color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard demo log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete getcard history kind" [] {
    [ "debit" "deposit" "correction" "other" ]
  }

  def "nu-complete getcard history format" [] {
    [ "table" "json" "jsonl" "csv" "hledger" "beancount" ]
  }

  def "nu-complete getcard history summary" [] {
    [ "location" "day" "week" "month" "account" ]
  }

  def "nu-complete getcard history store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard history color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard history log_format" [] {
    [ "text" "json" ]
  }

  # Show what was spent and deposited, with totals, charts, and checks
  export extern "getcard history" [
    --since: string           # Only since then: today, a day (2026-02-09), a time (RFC 3339), or a span back from now (30d, 6w, 3m)
    --until: string           # Only until then, a day included
    --account: string         # Only this account: an id or part of a name; may be repeated
    --place: string           # Only places whose name contains this
    --kind: string@"nu-complete getcard history kind" # Only this kind; may be repeated
    --new                     # Only what is new since the last `--new`; the first time, the newest 50
    --notify                  # With `--new`, show a desktop notification for each
    --limit: string           # At most this many, newest first [default: 50; no limit for a summary, chart, or check]
    --all                     # Everything in the range
    --format: string@"nu-complete getcard history format" # Output format; `--json` is short for `--format json`
    --summary: string@"nu-complete getcard history summary" # Total what was spent and deposited
    --chart                   # Draw balances over time, and spending by place
    --output(-o): path        # Write to this file, which only you can read, once the output is complete; a chart needs .svg or .png
    --reconcile               # Check that every balance follows from the one before, and the current balance from the last
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard history store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard history color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard history log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete getcard forecast store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard forecast color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard forecast log_format" [] {
    [ "text" "json" ]
  }

  # Show when each account runs out, and how much you can spend per day to make it last
  export extern "getcard forecast" [
    --until: string           # The last day the money should last, for example 2026-12-12 [default: `term_ends` in the configuration]
    --chart                   # Draw past balances and the range of future ones
    --output(-o): path        # Write the chart to this file, .svg or .png
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard forecast store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard forecast color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard forecast log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    ...accounts: string       # Accounts to forecast: ids or parts of names
  ]

  def "nu-complete getcard schools store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard schools color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard schools log_format" [] {
    [ "text" "json" ]
  }

  # Find schools and the short names that `login --school` takes
  export extern "getcard schools" [
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard schools store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard schools color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard schools log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    query?: string            # Part of the name, or of the short name
  ]

  def "nu-complete getcard probe store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard probe color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard probe log_format" [] {
    [ "text" "json" ]
  }

  # Make one raw call to the service, for developers
  export extern "getcard probe" [
    --params: string          # The parameters besides the session: a JSON object, `@FILE`, or `-` for standard input
    --no-session              # Do not send a session
    --show-secrets            # Show secrets instead of masking them
    --headers                 # Also show the headers of the reply
    --record: path            # Append the exchange to this file as one line of JSON, with secrets masked; `getcard sandbox --replay` serves such a file
    --timing                  # Also show how the call went: status, attempts, correlation id, and how long each phase took
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard probe store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard probe color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard probe log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    service: string           # The service: authentication, user, commerce, institution, configuration; or SERVICE.METHOD as one word
    method?: string           # The method, for example retrieveAccounts
  ]

  def "nu-complete getcard lost store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard lost color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard lost log_format" [] {
    [ "text" "json" ]
  }

  # Report the card lost, so that no reader accepts it
  export extern "getcard lost" [
    --yes(-y)                 # Do not ask for confirmation
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard lost store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard lost color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard lost log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete getcard found store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard found color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard found log_format" [] {
    [ "text" "json" ]
  }

  # Report a lost card found, so that readers accept it again
  export extern "getcard found" [
    --yes(-y)                 # Do not ask for confirmation
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard found store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard found color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard found log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete getcard unlink store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard unlink color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard unlink log_format" [] {
    [ "text" "json" ]
  }

  # Revoke this device at the service and forget it
  export extern "getcard unlink" [
    --yes(-y)                 # Do not ask for confirmation
    --local                   # Forget the device here without revoking it at the service
    --purge                   # Also remove the journal, cached lists, and lock files if no profile is left
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard unlink store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard unlink color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard unlink log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete getcard store store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard store color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard store log_format" [] {
    [ "text" "json" ]
  }

  # Change where and how credentials are kept
  export extern "getcard store" [
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard store store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard store color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard store log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete getcard store rekey store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard store rekey color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard store rekey log_format" [] {
    [ "text" "json" ]
  }

  # Change the passphrase of the file store
  export extern "getcard store rekey" [
    --new-passphrase-file: path # Read the new passphrase from the first line of this file instead of asking
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard store rekey store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard store rekey color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard store rekey log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete getcard store migrate to" [] {
    [ "keychain" "file" ]
  }

  def "nu-complete getcard store migrate store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard store migrate color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard store migrate log_format" [] {
    [ "text" "json" ]
  }

  # Move every profile to another store
  export extern "getcard store migrate" [
    --to: string@"nu-complete getcard store migrate to" # The store to move the profiles to
    --configure               # Also set `store` in the configuration file
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard store migrate store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard store migrate color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard store migrate log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete getcard doctor store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard doctor color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard doctor log_format" [] {
    [ "text" "json" ]
  }

  # Check everything from the configuration to the barcode, and suggest fixes
  export extern "getcard doctor" [
    --openmetrics             # Skip the checks and print the journal's figures in the `OpenMetrics` text format
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard doctor store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard doctor color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard doctor log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete getcard journal store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard journal color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard journal log_format" [] {
    [ "text" "json" ]
  }

  # Show what was done with the card and its credentials
  export extern "getcard journal" [
    --since: string           # Only events since then: today, a date, a time, or a span back from now such as 30d, 6w, or 3m
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard journal store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard journal color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard journal log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete getcard sandbox store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard sandbox color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard sandbox log_format" [] {
    [ "text" "json" ]
  }

  # Run a simulated GET service on this machine
  export extern "getcard sandbox" [
    --port: string            # The port on 127.0.0.1; 0 picks a free one
    --latency-ms: string      # Delay every reply by this many milliseconds
    --transactions: string    # Number of transactions in the history, instead of fourteen months at three a day
    --fault: string           # A fault to inject: `KIND[=ARG][@METHOD][#CALLS]`, for example `http=503@retrieveAccounts#1`; --help lists them
    --replay: path            # Serve the replies recorded in this file; methods without one are simulated
    --tls-cert: path          # Serve TLS with this certificate for localhost, in PEM
    --tls-key: path           # The certificate's private key, in PEM
    --charge-every: string    # Charge the card every SECONDS
    --session-lifetime: string # Lifetime of a device's session, instead of half an hour
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard sandbox store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard sandbox color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard sandbox log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete getcard completions shell" [] {
    [ "bash" "zsh" "fish" "powershell" "elvish" "nushell" ]
  }

  def "nu-complete getcard completions store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard completions color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard completions log_format" [] {
    [ "text" "json" ]
  }

  # Print the completion script of a shell
  export extern "getcard completions" [
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard completions store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard completions color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard completions log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    shell: string@"nu-complete getcard completions shell" # The shell
  ]

  def "nu-complete getcard help store" [] {
    [ "keychain" "file" "memory" ]
  }

  def "nu-complete getcard help color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete getcard help log_format" [] {
    [ "text" "json" ]
  }

  # Show the help of a command or topic
  export extern "getcard help" [
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print only JSON on standard output, and errors as one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard help store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit for each attempt of a call, in seconds
    --retries: string         # How many times to retry a call after a temporary failure
    --color: string@"nu-complete getcard help color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, with secrets masked; repeat for more
    --log-format: string@"nu-complete getcard help log_format" # Format of the log that `--verbose` turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # The configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    ...topic: string          # A command, or one of: exit-codes, environment, configuration, files, json
  ]

}

export use completions *
