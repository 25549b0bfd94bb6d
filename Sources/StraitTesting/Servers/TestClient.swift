public import Strait
import StraitCrypto
import Synchronization

/// A browser without a network, which sends requests to a ``TestSite``; Django's `Client`. It stores cookies, and its
/// forms include the CSRF token.
///
/// ```swift
/// let page = try await client.post("/rooms/", form: ["name": "tea"])
/// #expect(page.headers["location"] == "/rooms/tea/")
/// ```
public final class TestClient: Sendable {
    private let site: ComposedSite
    private let clock: ManualClock?
    private let log: Log
    private let state = Mutex(State())

    private struct State {
        var cookies: [(name: String, value: String)] = []
        var sendsToken = true
        var timeout = Duration.seconds(10)
    }

    init(_ site: ComposedSite, _ clock: ManualClock?, _ log: Log) {
        self.site = site
        self.clock = clock
        self.log = log
    }

    /// The cookies that responses have set. Each request sends them.
    public var cookies: [String: String] {
        get { state.withLock { Dictionary($0.cookies.map { ($0.name, $0.value) }) { $1 } } }
        set {
            state.withLock { state in
                state.cookies = newValue.map { (name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
            }
        }
    }

    /// Whether unsafe requests include the CSRF token, like a page's form. The default is true. Set it to false to test
    /// that a request without the token is refused (Django's `enforce_csrf_checks`).
    public var sendsCSRFToken: Bool {
        get { state.withLock { $0.sendsToken } }
        set { state.withLock { $0.sendsToken = newValue } }
    }

    /// The maximum real time to wait for a response. The default is 10 seconds.
    public var timeout: Duration {
        get { state.withLock { $0.timeout } }
        set { state.withLock { $0.timeout = newValue } }
    }

    // MARK: Requests

    /// Sends a `GET` request.
    ///
    /// - Parameters:
    ///   - path: The percent-encoded path, with an optional query.
    ///   - headers: Additional headers. The default `Host` is `testserver`.
    ///   - follows: Whether to follow redirects, at most ten; Django's `follow`.
    /// - Throws: ``ApplicationFailure`` if the application throws an error that no middleware answers.
    ///   ``CommunicatorError`` if the response takes longer than ``timeout``.
    public func get(
        _ path: String, headers: HTTPFields = HTTPFields(), follows: Bool = false
    ) async throws -> HTTPResponse {
        try await request(.get, path, headers: headers, follows: follows)
    }

    /// Posts a form without files, URL-encoded like a browser's.
    ///
    /// - Throws: The errors of ``get(_:headers:follows:)``.
    public func post(
        _ path: String, form: KeyValuePairs<String, String> = [:], headers: HTTPFields = HTTPFields(),
        follows: Bool = false
    ) async throws -> HTTPResponse {
        let items = form.map { QueryString.Item(name: $0.key, value: $0.value) }
        var headers = headers
        if !headers.contains("content-type") { headers["content-type"] = "application/x-www-form-urlencoded" }
        return try await request(
            .post, path, body: Bytes(QueryString(items).encoded), headers: headers, follows: follows)
    }

    /// Posts a form with files (RFC 7578).
    ///
    /// - Throws: The errors of ``get(_:headers:follows:)``.
    public func post(
        _ path: String, form: KeyValuePairs<String, String> = [:], files: KeyValuePairs<String, TestFile>,
        headers: HTTPFields = HTTPFields(), follows: Bool = false
    ) async throws -> HTTPResponse {
        let boundary = "strait-test-boundary-7f3a1c"
        var body = ByteBuffer(capacity: 1024)
        for (name, value) in form {
            body.append(
                Bytes(
                    "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(Self.quoted(name))\"\r\n\r\n\(value)\r\n"
                ))
        }
        for (name, file) in files {
            body.append(
                Bytes(
                    "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(Self.quoted(name))\"; "
                        + "filename=\"\(Self.quoted(file.name))\"\r\nContent-Type: \(file.type)\r\n\r\n"))
            body.append(file.content)
            body.append(Bytes("\r\n"))
        }
        body.append(Bytes("--\(boundary)--\r\n"))
        var headers = headers
        headers["content-type"] = "multipart/form-data; boundary=\(boundary)"
        return try await request(.post, path, body: body.freeze(), headers: headers, follows: follows)
    }

    /// Posts `value` as JSON.
    ///
    /// - Throws: The errors of ``get(_:headers:follows:)``, and encoding errors.
    public func post(
        _ path: String, json value: some Encodable, headers: HTTPFields = HTTPFields()
    ) async throws -> HTTPResponse {
        var headers = headers
        if !headers.contains("content-type") { headers["content-type"] = "application/json" }
        return try await request(.post, path, body: try JSONCoder().encode(value), headers: headers)
    }

    /// Sends a request with any method.
    ///
    /// - Throws: The errors of ``get(_:headers:follows:)``.
    public func request(
        _ method: HTTPMethod, _ path: String, body: Bytes = Bytes(), headers: HTTPFields = HTTPFields(),
        follows: Bool = false
    ) async throws -> HTTPResponse {
        let isSafe = [.get, .head, .options, .trace].contains(method)
        var headers = headers
        if !isSafe, sendsCSRFToken, !headers.contains(site.settings.csrfHeaderName) {
            headers[site.settings.csrfHeaderName] = token()
        }
        addCookies(to: &headers)
        let communicator = HTTPCommunicator(
            site.application, method, path, body: body, headers: headers, configuration: site.configuration,
            services: site, clock: clock, log: log)
        var response = try await communicator.response(timeout: timeout)
        take(response.headers)
        var left = follows ? 10 : 0
        while left > 0, [301, 302, 303].contains(response.status.code), let target = response.headers["location"] {
            left -= 1
            response = try await request(.get, Self.path(target))
        }
        return response
    }

    /// Creates a socket that sends this client's cookies. The handshake's response may set more of them.
    ///
    /// - Parameters:
    ///   - path: The percent-encoded path, with an optional query.
    ///   - headers: Additional headers. The default `Host` is `testserver`.
    ///   - subprotocols: The subprotocols that the client offers, in order of preference.
    public func webSocket(
        _ path: String, headers: HTTPFields = HTTPFields(), subprotocols: [String] = []
    ) -> WebSocketCommunicator {
        var headers = headers
        addCookies(to: &headers)
        let communicator = WebSocketCommunicator(
            site.application, path, headers: headers, subprotocols: subprotocols, configuration: site.configuration,
            services: site, clock: clock, log: log)
        communicator.whenAnswered { [weak self] in self?.take($0) }
        return communicator
    }

    // MARK: Cookies

    private func addCookies(to headers: inout HTTPFields) {
        if headers.contains("cookie") { return }
        let text = state.withLock { state in
            state.cookies.map { "\($0.name)=\(SetCookie.quoted($0.value))" }.joined(separator: "; ")
        }
        if !text.isEmpty { headers["cookie"] = text }
    }

    /// Stores the cookies that a response sets, and removes those that it deletes.
    private func take(_ headers: HTTPFields) {
        for line in headers.values(of: "set-cookie") {
            let parts = line.split(separator: ";", omittingEmptySubsequences: false)
            let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { continue }
            let name = String(pair[0])
            let isDeleted = parts.dropFirst().contains { attribute in
                let text = attribute.filter { $0 != " " }.lowercased()
                return text == "max-age=0" || text.hasPrefix("max-age=-")
            }
            let value = Cookie.parse(String(parts[0]))[name] ?? String(pair[1])
            state.withLock { state in
                state.cookies.removeAll { $0.name == name }
                if !isDeleted { state.cookies.append((name, value)) }
            }
        }
    }

    /// Returns a token for the CSRF cookie. If no page has set the cookie, the client creates it.
    private func token() -> String {
        var random = SystemRandomNumberGenerator()
        let name = site.settings.csrfCookieName
        let secret = state.withLock { state in
            if let cookie = state.cookies.first(where: { $0.name == name }),
                let secret = CSRFToken.secret(of: cookie.value)
            {
                return secret
            }
            let secret = CSRFToken.makeSecret(using: &random)
            state.cookies.removeAll { $0.name == name }
            state.cookies.append((name, secret))
            return secret
        }
        return CSRFToken.mask(secret, using: &random)
    }

    /// Returns the path and the query of a redirect's target.
    private static func path(_ target: String) -> String {
        let parts = URLParts(target)
        if parts.site == nil { return target }
        let path = String(target[parts.path.startIndex...])
        return parts.path.isEmpty ? "/" + path : path
    }

    private static func quoted(_ text: String) -> String {
        PercentEncoding.encode(text, allowing: .all(but: "\"\r\n"))
    }
}

/// A file that a test uploads.
public struct TestFile: Sendable {
    /// The file's name.
    public let name: String
    /// The media type that the browser sends.
    public let type: String
    /// The file's content.
    public let content: Bytes

    /// Creates a file.
    ///
    /// - Parameters:
    ///   - name: The file's name.
    ///   - content: The file's content.
    ///   - type: The media type that the browser sends. By default, the name decides.
    public init(_ name: String, _ content: Bytes, type: String? = nil) {
        self.name = name
        self.content = content
        self.type = type ?? MediaType(path: name).rawValue
    }
}
