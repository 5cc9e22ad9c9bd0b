//! The commands and the faults of the matrix.

/// A command that calls the service.
pub struct Subject {
    pub name: &'static str,
    pub args: &'static [&'static str],
    /// Whether it starts from a linked card.
    pub linked: bool,
    /// Whether it changes which devices there are.
    pub changes: bool,
    /// The method of its first call, and of the second where a run without faults makes two.
    pub first: &'static str,
    pub second: Option<&'static str>,
}

const READ: Subject = Subject { name: "", args: &[], linked: true, changes: false, first: "", second: None };

pub const SUBJECTS: [Subject; 7] = [
    Subject {
        name: "link",
        args: &["link", "--json", "-"],
        linked: false,
        changes: true,
        first: "createPIN",
        second: Some("authenticatePIN"),
    },
    Subject {
        name: "link --replace",
        args: &["link", "--json", "--replace", "-"],
        linked: true,
        changes: true,
        first: "createPIN",
        second: Some("authenticatePIN"),
    },
    Subject {
        name: "status --check",
        args: &["status", "--json", "--check"],
        first: "authenticatePIN",
        second: Some("updatePIN"),
        ..READ
    },
    Subject { name: "balance", args: &["balance", "--json"], first: "retrieveAccounts", ..READ },
    Subject {
        name: "barcode",
        args: &["barcode", "--json", "--once"],
        first: "retrievePatronBarcodePayload",
        ..READ
    },
    Subject {
        name: "history",
        args: &["history", "--json", "--limit", "5"],
        first: "retrieveTransactionHistoryWithinDateRange",
        ..READ
    },
    Subject {
        name: "unlink",
        args: &["unlink", "--json", "--yes"],
        linked: true,
        changes: true,
        first: "deletePIN",
        second: None,
    },
];

/// Every way in which a call goes wrong, as `--fault` takes it.
pub const FAULTS: [&str; 36] = [
    "reset-before",
    "reset-after",
    "truncate",
    "empty",
    "html",
    "http=429",
    "http=429:60",
    "http=500",
    "http=502",
    "http=503:1",
    "http=401",
    "http=403",
    "http=404",
    "hang",
    "hang-after",
    "drip",
    "huge",
    "gzip-bomb",
    "redirect=http://127.0.0.1:9/",
    "wrong-types",
    "deep",
    "null",
    "exception=4001|Session not found",
    "exception=1234|Access denied",
    "exception=6112|Insufficient funds",
    "exception=9801|Invalid argument",
    "exception=9999|Internal server error",
    "exception=4242|Something new",
    "exception=no code at all",
    "exception-object=Session not found",
    "exception-json=[1,null]",
    "exception-json=false",
    "response-beside-exception",
    "missing-fields",
    "lie-capped",
    "outside-range",
];
