// What a small Node client of the service does for a balance: sign in, read the accounts.

const { GETCARD_API_URL: base, BENCH_DEVICE_ID: deviceId, BENCH_PIN: pin } = process.env;
const systemCredentials = { userName: "get_mobile", password: "NOTUSED", domain: "" };

async function call(service, method, params) {
    const reply = await fetch(`${base}/${service}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ method, params }),
    });
    const { response, exception } = await reply.json();
    if (exception) throw new Error(exception);
    return response;
}

const sessionId = await call("authentication", "authenticatePIN", { pin, deviceId, systemCredentials });
const { accounts } = await call("commerce", "retrieveAccounts", { sessionId });
console.log(accounts[0].balance);
