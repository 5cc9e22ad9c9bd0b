//! Any reply of the service, through the real client: envelope, answers of every method, what is shown of them.

#![no_main]

use std::sync::Arc;

use getcard::error::Error;
use getcard::get::client::{CallResult, Client};
use getcard::get::page::Query;
use getcard::get::transport::{HttpReply, Sending, Transport};
use getcard::model::account::Account;
use getcard::model::text::is_hostile;
use getcard::output::table::Style;
use getcard::output::{json, table, transactions};
use getcard::secret::{Device, SessionId};
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use zeroize::Zeroizing;

/// Answers every call alike.
struct Says(u16, bool, Arc<[u8]>);

impl Transport for Says {
    fn post(&self, _: &str, _: Zeroizing<Vec<u8>>) -> Sending<'_> {
        let media_type = if self.1 { "text/html" } else { "application/json" };
        let reply = HttpReply {
            status: self.0,
            media_type: Some(media_type.to_owned()),
            retry_after: None,
            date: None,
            headers: Vec::new(),
            body: Zeroizing::new(self.2.to_vec()),
        };
        Box::pin(async { Ok(reply) })
    }
}

/// What a failed call says is harmless when it is shown.
fn shown<T>(result: CallResult<T>) -> Option<T> {
    result
        .map_err(|error| {
            let Error::Failed(report) = Error::from(error) else { return };
            let line = json::line(&*report).expect("a report is JSON");
            assert!(!String::from_utf8(line).expect("JSON is text").trim_end().contains(is_hostile));
        })
        .ok()
}

fuzz_target!(|input: (u8, &[u8])| {
    let status = [200, 200, 200, 200, 204, 302, 429, 503][usize::from(input.0 & 7)];
    let client = Client::new(Box::new(Says(status, input.0 & 0x88 == 0x88, input.1.into())), 0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        let session = SessionId::new(Zeroizing::new("0f8fad5b-d9cb-469f-a165-70867728950e".to_owned()));
        let device = Device::generate().expect("random numbers");
        if let Some(reply) = shown(client.accounts(&session).await) {
            let row = |account: &Account| vec![account.name.to_string(), account.balance_text()];
            let rows: Vec<Vec<String>> = reply.accounts.iter().map(row).collect();
            let text = table::render(&[table::Column::Text("A"), table::Column::Number("B")], &rows, Style { width: Some(40), color: false });
            assert!(!text.replace('\n', "").contains(is_hostile), "{text:?}");
            json::line(&reply.accounts).expect("accounts are JSON");
        }
        let query = Query { limit: 10, newest: None, oldest: None, account_id: None };
        if let Some(page) = shown(client.transactions(&session, &query).await) {
            let text = transactions::table(&page.transactions, &TimeZone::UTC, Style { width: Some(60), color: false });
            assert!(!text.replace('\n', "").contains(is_hostile), "{text:?}");
            let _ = transactions::csv_lines(&page.transactions);
            transactions::json_lines(&page.transactions).expect("transactions are JSON");
        }
        shown(client.barcode_payload(&session).await);
        shown(client.user(&session).await);
        shown(client.institutions(&session).await);
        shown(client.authenticate_pin(&device).await);
        shown(client.create_pin(&session, &device).await);
    });
});
