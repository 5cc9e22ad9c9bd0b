//! The manual pages, from the command line, its examples and the topics of help.

use std::collections::BTreeMap;

use clap::{Arg, ArgAction, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};
use getcard::cli::help;
use getcard::cli::help::examples;
use getcard::cli::help::topics::Topic;
use getcard::platform::system::System;

/// The day of the release that the pages describe.
const DATE: &str = "2026-11-20";
/// The heading of the options that every command takes.
const GLOBAL: &str = "Global options";
/// What getcard itself is used for first.
const FIRST: [(&str, &str); 3] = [
    ("See it all without an account", "getcard demo"),
    ("Sign in and link the card, once", "getcard login"),
    ("Show the barcode at the register", "getcard barcode"),
];

/// Every page by the name of its file.
pub fn pages() -> BTreeMap<String, String> {
    let mut command = help::command_on(System::Linux);
    command.build();
    let mut pages = BTreeMap::new();
    add(&mut pages, &command, &command, "");
    pages
}

fn add(pages: &mut BTreeMap<String, String>, root: &Command, command: &Command, path: &str) {
    let name = command.get_display_name().unwrap_or(command.get_name()).to_owned();
    pages.insert(format!("{name}.1"), page(root, command, path));
    for sub in command.get_subcommands() {
        add(pages, root, sub, format!("{path} {}", sub.get_name()).trim());
    }
}

fn page(root: &Command, command: &Command, path: &str) -> String {
    let is_root = path.is_empty();
    let shown = if is_root {
        command.clone()
    } else {
        // Those of every command are on the page of getcard itself.
        command.clone().mut_args(|arg| {
            let global = arg.get_help_heading() == Some(GLOBAL);
            arg.hide(global)
        })
    };
    let version = root.get_version().unwrap_or_default();
    let man = Man::new(shown).date(DATE).source(format!("getcard {version}")).manual("getcard Manual");
    let mut text = Vec::new();
    man.render_title(&mut text).unwrap();
    man.render_name_section(&mut text).unwrap();
    synopsis(command, is_root).to_writer(&mut text).unwrap();
    man.render_description_section(&mut text).unwrap();
    man.render_options_section(&mut text).unwrap();
    if command.get_subcommands().next().is_some() {
        man.render_subcommands_section(&mut text).unwrap();
    }

    let mut roff = Roff::new();
    if !is_root {
        roff.control("PP", []);
        roff.text([roman("The global options are described in "), bold("getcard"), roman("(1).")]);
    }
    let of_command = examples::of(path, System::Linux);
    let of_command: Vec<_> = of_command.iter().map(|example| (example.does, example.line)).collect();
    example_section(&mut roff, if is_root { &FIRST } else { &of_command });
    for (topic, heading) in [
        (Topic::ExitCodes, "EXIT STATUS"),
        (Topic::Environment, "ENVIRONMENT"),
        (Topic::Configuration, "CONFIGURATION"),
        (Topic::Files, "FILES"),
    ] {
        topic_section(&mut roff, root, topic, heading, is_root);
    }
    see_also(&mut roff, root, path);
    roff.to_writer(&mut text).unwrap();
    String::from_utf8(text).expect("manual pages are text")
}

/// The arguments with their values; those of every command are on the page of getcard itself.
fn synopsis(command: &Command, is_root: bool) -> Roff {
    let shown = |arg: &&Arg| !arg.is_hide_set() && (is_root || arg.get_help_heading() != Some(GLOBAL));
    let mut line = vec![bold(command.get_bin_name().unwrap_or("getcard"))];
    let (positionals, options): (Vec<&Arg>, Vec<&Arg>) =
        command.get_arguments().filter(shown).partition(|arg| arg.is_positional());
    for arg in options.into_iter().chain(positionals) {
        line.push(roman(if arg.is_required_set() { " " } else { " [" }));
        line.extend(argument(arg));
        if !arg.is_required_set() {
            line.push(roman("]"));
        }
        let repeats = matches!(arg.get_action(), ArgAction::Append | ArgAction::Count)
            || arg.is_positional() && arg.get_num_args().is_some_and(|count| count.max_values() > 1);
        if repeats {
            line.push(roman("..."));
        }
    }
    if command.get_subcommands().next().is_some() {
        let name = italic("COMMAND");
        line.extend(if is_root { vec![roman(" ["), name, roman("]")] } else { vec![roman(" "), name] });
    }
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]);
    roff.text(line);
    roff
}

/// An option by its names, and its value.
fn argument(arg: &Arg) -> Vec<Inline> {
    let short = arg.get_short().map(|short| format!("-{short}"));
    let long = arg.get_long().map(|long| format!("--{long}"));
    let names: Vec<String> = short.into_iter().chain(long).collect();
    let mut inlines = Vec::new();
    for (at, name) in names.iter().enumerate() {
        if at > 0 {
            inlines.push(roman("|"));
        }
        inlines.push(bold(name));
    }
    if !arg.get_action().takes_values() {
        return inlines;
    }
    let value = arg.get_value_names().unwrap_or_default().iter().map(ToString::to_string);
    let value = italic(value.collect::<Vec<_>>().join(" "));
    let is_optional = arg.get_num_args().is_some_and(|count| count.min_values() == 0);
    if arg.is_positional() {
        inlines.push(value);
    } else if is_optional {
        inlines.extend([roman(" ["), value, roman("]")]);
    } else {
        inlines.extend([roman(" "), value]);
    }
    inlines
}

fn example_section(roff: &mut Roff, examples: &[(&str, &str)]) {
    roff.control("SH", ["EXAMPLES"]);
    for (does, line) in examples {
        roff.control("TP", []);
        roff.text([roman(*does)]);
        roff.text([bold(*line)]);
    }
}

/// All of a topic on the page of getcard itself, elsewhere what the command has to do with it.
fn topic_section(roff: &mut Roff, root: &Command, topic: Topic, heading: &str, whole: bool) {
    roff.control("SH", [heading]);
    if !whole && topic != Topic::ExitCodes {
        let what = match topic {
            Topic::Files => "The files",
            Topic::Configuration => "The keys of the configuration file",
            _ => "The environment variables",
        };
        roff.text([roman(format!("{what} are described in ")), bold("getcard"), roman("(1).")]);
        return;
    }
    roff.text([roman(topic.introduction(System::Linux))]);
    for item in topic.items(root, System::Linux) {
        roff.control("TP", []);
        roff.text([bold(item.name.trim())]);
        roff.text([roman(item.meaning)]);
    }
}

fn see_also(roff: &mut Roff, root: &Command, path: &str) {
    roff.control("SH", ["SEE ALSO"]);
    let mut names = vec!["getcard".to_owned()];
    names.extend(root.get_subcommands().map(|sub| format!("getcard-{}", sub.get_name())));
    let own = format!("getcard {path}").trim().replace(' ', "-");
    names.retain(|name| *name != own);
    let last = names.len() - 1;
    for (at, name) in names.into_iter().enumerate() {
        roff.text([bold(name), roman(if at == last { "(1)" } else { "(1)," })]);
    }
}
