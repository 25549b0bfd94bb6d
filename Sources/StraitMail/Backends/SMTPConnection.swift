internal import CCurl
internal import Glibc
internal import Synchronization

/// A connection to a mail server through a libcurl handle, which only one thread uses.
// SAFETY: the handle is valid until the instance is deinitialized, which frees it.
@safe final class SMTPConnection {
    private let backend: SMTPEmailBackend
    private let handle: UnsafeMutableRawPointer

    /// Whether libcurl has been initialized, which must happen once per process.
    private static let isInitialized = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init(_ backend: SMTPEmailBackend) throws(MailError) {
        guard Self.isInitialized, let handle = unsafe curl_easy_init() else {
            throw MailError(.connection, "libcurl cannot be initialized. Check the memory limit of the process.")
        }
        self.backend = backend
        unsafe self.handle = handle
        try configure()
    }

    deinit { unsafe curl_easy_cleanup(handle) }

    /// The timeout in milliseconds, at least 1.
    private var milliseconds: Int { max(1, Int(min(backend.timeout / .milliseconds(1), 1e9))) }

    private func configure() throws(MailError) {
        let scheme = backend.security == .tls ? "smtps" : "smtp"
        // An IPv6 address needs brackets in a URL.
        let host = backend.host.contains(":") && !backend.host.hasPrefix("[") ? "[\(backend.host)]" : backend.host
        try set(CURLOPT_URL, "\(scheme)://\(host):\(backend.port)", "EMAIL_HOST")
        try set(CURLOPT_PROTOCOLS_STR, "smtp,smtps", "libcurl")
        // Otherwise an environment variable could select a proxy.
        try set(CURLOPT_PROXY, "", "libcurl")
        // Without this option, libcurl uses signals for timeouts, which are unsafe in a program with threads.
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_UPLOAD, 1)
        try set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds)
        try set(CURLOPT_TIMEOUT_MS, milliseconds)
        if backend.security != .none { try set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)) }
        if let file = backend.certificateAuthorities { try set(CURLOPT_CAINFO, file, "the certificate authorities") }
        guard !backend.user.isEmpty else { return }
        try set(CURLOPT_USERNAME, backend.user, "EMAIL_HOST_USER")
        try set(CURLOPT_PASSWORD, backend.password, "EMAIL_HOST_PASSWORD")
    }

    private func set(_ option: CURLoption, _ value: String, _ setting: String) throws(MailError) {
        guard !value.utf8.contains(0), unsafe strait_curl_text(handle, option, value) == CURLE_OK else {
            throw MailError(.settings, "libcurl does not accept the value of \(setting). Correct the setting.")
        }
    }

    private func set(_ option: CURLoption, _ value: Int) throws(MailError) {
        guard unsafe strait_curl_number(handle, option, value) == CURLE_OK else {
            throw MailError(.settings, "This libcurl lacks option \(option.rawValue). Install 7.85 or later.")
        }
    }

    /// Sends a message and waits for the server's answer.
    func send(_ message: EncodedEmail) throws(MailError) {
        try set(CURLOPT_MAIL_FROM, "<\(message.sender)>", "the sender")
        var recipients: UnsafeMutablePointer<curl_slist>?
        defer { unsafe curl_slist_free_all(recipients) }
        for address in message.recipients {
            // SAFETY: libcurl copies the text. On failure, the list is still the old one.
            guard let list = unsafe curl_slist_append(recipients, "<\(address)>") else {
                throw MailError(.connection, "Not enough memory for the list of recipients. Send to fewer at once.")
            }
            unsafe recipients = list
        }
        unsafe _ = strait_curl_list(handle, CURLOPT_MAIL_RCPT, recipients)
        let transfer = SMTPTransfer(message.text)
        let code = perform(transfer)
        // The list and the transfer live only until this method returns.
        unsafe _ = strait_curl_list(handle, CURLOPT_MAIL_RCPT, nil)
        if code != CURLE_OK { throw SMTPFailure(backend, transfer).error(code) }
    }
}

extension SMTPConnection {
    private func perform(_ transfer: SMTPTransfer) -> CURLcode {
        // SAFETY: the transfer lives until the end of this call, after which libcurl calls neither function.
        defer { withExtendedLifetime(transfer) {} }
        let context = unsafe Unmanaged.passUnretained(transfer).toOpaque()
        unsafe _ = strait_curl_read(handle, readMessage, context)
        unsafe _ = strait_curl_debug(handle, noteLine, context)
        return unsafe curl_easy_perform(handle)
    }
}

/// A message that libcurl sends, and the lines that show at which step the server rejected it.
final class SMTPTransfer: Sendable {
    struct State {
        var sent = 0
        /// The last command: `MAIL`, `RCPT TO:<ann@example.com>`, `DATA`, `AUTH`, or an empty text.
        var command = ""
        /// Whether `QUIT` has been sent.
        var hasQuit = false
        /// The last line from the server.
        var answer = ""
    }

    let bytes: [UInt8]
    let state = Mutex(State())

    init(_ text: String) { bytes = Array(text.utf8) }
}

/// Copies the next bytes of the message for libcurl.
private func readMessage(
    _ target: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let target = unsafe target, let context = unsafe context else { return 0 }
    // SAFETY: the context is the transfer, which outlives the call of libcurl.
    let transfer = unsafe Unmanaged<SMTPTransfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.state.withLock { state in
        let part = min(size * count, transfer.bytes.count - state.sent)
        guard part > 0 else { return 0 }
        // SAFETY: `target` has room for `size * count` bytes, and the array has `part` bytes from `sent` on.
        unsafe transfer.bytes.withUnsafeBytes { bytes in
            let target = unsafe UnsafeMutableRawBufferPointer(start: target, count: part)
            unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[state.sent..<state.sent + part]))
        }
        state.sent += part
        return part
    }
}

/// Records the command that was sent or the line that was received.
private func noteLine(
    _ handle: UnsafeMutableRawPointer?, _ kind: curl_infotype, _ data: UnsafeMutablePointer<CChar>?, _ size: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard kind == CURLINFO_HEADER_OUT || kind == CURLINFO_HEADER_IN, let data = unsafe data,
        let context = unsafe context
    else { return 0 }
    // SAFETY: `data` has `size` bytes during the call. The context is the transfer, which outlives the call of libcurl.
    let bytes = unsafe UnsafeRawBufferPointer(start: data, count: min(size, 1000))
    let text = unsafe String(decoding: bytes.prefix { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
    let transfer = unsafe Unmanaged<SMTPTransfer>.fromOpaque(context).takeUnretainedValue()
    transfer.state.withLock { state in
        // The server's answer to QUIT says nothing about the message.
        if state.hasQuit { return }
        if kind == CURLINFO_HEADER_IN {
            if text.utf8.count >= 3 { state.answer = text }
        } else {
            // Lines that are sent during authentication contain the password.
            let isKnown = ["MAIL", "RCPT", "DATA", "STARTTLS"].contains { text.hasPrefix($0) }
            state.hasQuit = text.hasPrefix("QUIT")
            if !state.hasQuit { state.command = isKnown ? text : "" }
        }
    }
    return 0
}
