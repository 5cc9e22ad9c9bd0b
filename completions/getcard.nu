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
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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
    --school: string          # The school: its short name, or a part of its name that no other has. Without it the configuration's or the last link's is meant, else you are asked
    --no-browser              # Do not open a browser
    --print-url               # Only print the address of the sign-in page
    --qr: path                # Take the validated URL from an image of a QR code (PNG, JPEG, WebP), `-` for standard input
    --replace                 # Link anew although a card is linked, then revoke the old device
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard login store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard login color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard login log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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
    --qr: path                # Take it from an image of a QR code (PNG, JPEG, WebP), `-` for standard input
    --replace                 # Link anew although a card is linked, then revoke the old device
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard link store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard link color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard link log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    validated?: string        # The validated URL or the session id in it; `-` or nothing reads it from standard input, where other users of this machine cannot see it
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
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard status store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard status color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard status log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard profiles store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard profiles color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard profiles log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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

  # Show what is left on the accounts
  export extern "getcard balance" [
    --all                     # Every account: inactive ones and payment cards too
    --below: string           # Exit with 6 if a selected account is below this amount, and name it. The accounts must have one unit, dollars or meals. Without an amount, each account is compared with its threshold under `[low]` in the configuration
    --value                   # Print bare numbers, one a line; an empty line for an unknown balance
    --watch: string           # Read the balances again every SECONDS, 5 or more, and print them when they change; with --below until an account is below
    --notify                  # With --watch, show a desktop notification when an account falls below its threshold, once until it has risen again
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard balance store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard balance color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard balance log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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

  # Show the card's barcode, to be scanned at the till
  export extern "getcard barcode" [
    --refresh: string         # Seconds between refreshes of the full-screen view, 5 or more; with `--output` the file is kept fresh until this ends, and shows EXPIRED then
    --once                    # Print one barcode and exit
    --format: string@"nu-complete getcard barcode format" # Print one barcode in this format and exit
    --output(-o): path        # Write the barcode to a file; the format follows its ending unless `--format` says it
    --columns: string         # Data columns of the PDF417 symbol
    --ec-level: string        # Error correction level of the PDF417 symbol
    --graphics: string@"nu-complete getcard barcode graphics" # How the full-screen view draws the barcode
    --until-charged           # Wait until the card is charged, say what was paid and exit; a file given with `--output` is kept fresh meanwhile. With `--json`: a line per change
    --notify                  # With --until-charged, show a desktop notification when the card is charged
    --account: string         # Watch and show this account only: an id or a part of a name; may be repeated
    --expires: string         # How long `--until-charged` waits before it exits with 6, for example `90s` or `5m`
    --min-amount: string      # Wait for a charge of at least this much, in the account's unit
    --at: string              # Wait for a charge at a place with this in its name
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard barcode store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard barcode color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard barcode log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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

  # Show it all without an account, on a simulated service in this process
  export extern "getcard demo" [
    --once                    # Print a single frame and exit
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard demo store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard demo color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard demo log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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

  # Show what was spent and deposited: list it, sum it up, draw it, check it
  export extern "getcard history" [
    --since: string           # Nothing before this: today, a day (2026-02-09), a time (RFC 3339), or back from now: 30d, 6w, 3m
    --until: string           # Nothing after this; a day counts to its end
    --account: string         # Of these accounts only: an id or a part of the name
    --place: string           # At these places only: a part of the name
    --kind: string@"nu-complete getcard history kind" # Of this kind only
    --new                     # What has come since this was last asked for; the first time the newest 50
    --notify                  # With --new, show a desktop notification of each
    --limit: string           # At most so many, the newest [default: 50; a summary, chart or check takes all]
    --all                     # All of the range
    --format: string@"nu-complete getcard history format" # How to print them; --json is json
    --summary: string@"nu-complete getcard history summary" # Sum up what was spent and deposited
    --chart                   # Draw the balances over time and the spending by place
    --output(-o): path        # Write to this file instead, readable by you alone and only when it is complete; a chart to an .svg or .png file
    --reconcile               # Check that every balance follows from the one before, and the last one from the balance now
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard history store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard history color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard history log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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

  # Show when each account runs out, and what may be spent a day to make it last
  export extern "getcard forecast" [
    --until: string           # The last day that the money should last, for example 2026-12-12 [default: `term_ends` in the configuration]
    --chart                   # Draw the balances, past and to come
    --output(-o): path        # Write the chart to this file, .svg or .png
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard forecast store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard forecast color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard forecast log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    ...accounts: string       # Accounts to look at: ids or parts of names
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
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard schools store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard schools color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard schools log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    query?: string            # A part of the name or the short name
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
    --params: string          # The parameters beside the session: a JSON object, `@FILE`, or `-` for standard input
    --no-session              # Send no session
    --show-secrets            # Show secrets instead of masking them
    --headers                 # Show the headers of the reply too
    --record: path            # Append the exchange to this file as a line of JSON, secrets always masked; `getcard sandbox --replay` serves such a file
    --timing                  # Say how the call went: status, time, attempts, correlation id
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard probe store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard probe color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard probe log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    service: string           # The service: authentication, user, commerce, institution, configuration; or SERVICE.METHOD in one
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

  # Report the card lost, so that no reader takes it
  export extern "getcard lost" [
    --yes(-y)                 # Do not ask
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard lost store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard lost color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard lost log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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

  # Report a lost card found, so that readers take it again
  export extern "getcard found" [
    --yes(-y)                 # Do not ask
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard found store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard found color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard found log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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
    --yes(-y)                 # Do not ask
    --local                   # Forget the device here without revoking it at the service
    --purge                   # Then remove the journal, cached lists and lock files too, when no profile is left
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard unlink store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard unlink color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard unlink log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard store store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard store color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard store log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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
    --new-passphrase-file: path # Take the new passphrase from the first line of a file, instead of asking
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard store rekey store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard store rekey color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard store rekey log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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
    --to: string@"nu-complete getcard store migrate to" # The store that the profiles move to
    --configure               # Set `store` in the configuration file too
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard store migrate store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard store migrate color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard store migrate log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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

  # Check everything from the configuration to the barcode, and say what to do about it
  export extern "getcard doctor" [
    --openmetrics             # Check nothing; print the figures of the journal in the `OpenMetrics` text format
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard doctor store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard doctor color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard doctor log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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

  # Show what was done with the card and its credentials, from linking to codes shown
  export extern "getcard journal" [
    --since: string           # Nothing before this: today, a day, a time, or a span back from now such as 30d, 6w or 3m
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard journal store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard journal color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard journal log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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

  # Serve a simulated GET service on this machine
  export extern "getcard sandbox" [
    --port: string            # The port on 127.0.0.1; 0 takes a free one
    --latency-ms: string      # How long every answer is held back, in milliseconds
    --transactions: string    # How many transactions the history has, instead of fourteen months at three a day
    --fault: string           # What goes wrong: `KIND[=ARG][@METHOD][#CALL]`, for example `http=503@retrieveAccounts#1`
    --replay: path            # Answer with the replies recorded in this file; methods without one are simulated
    --tls-cert: path          # Serve TLS with this certificate for localhost, in PEM
    --tls-key: path           # The certificate's private key, in PEM
    --charge-every: string    # Someone uses the card this often
    --session-lifetime: string # How long a device's session lives, instead of half an hour
    --profile: string         # The profile to use: one for each school or account
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard sandbox store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard sandbox color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard sandbox log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard completions store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard completions color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard completions log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
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
    --json                    # Print JSON on standard output and nothing else; errors are one line of JSON on standard error
    --api-url: string         # The base URL of the service: https, or http on this machine
    --store: string@"nu-complete getcard help store" # Where to keep the device's credentials
    --ephemeral               # Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and `GETCARD_PIN`
    --timeout: string         # Time limit of each attempt of a call, in seconds
    --retries: string         # How often to retry a call after a temporary failure
    --color: string@"nu-complete getcard help color" # When to use color
    --no-input                # Never prompt
    --verbose(-v)             # Log each call with its request and reply, secrets masked; repeat for more
    --log-format: string@"nu-complete getcard help log_format" # Format of the log that --verbose turns on
    --journal: string         # Whether to keep a journal of calls, without secrets and amounts
    --quiet(-q)               # Print only results and errors
    --config: path            # Configuration file to read
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
    ...topic: string          # A command, or one of: exit-codes, environment, files, json
  ]

}

export use completions *
