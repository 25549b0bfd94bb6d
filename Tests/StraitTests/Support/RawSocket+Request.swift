import StraitTesting

extension RawSocket {
    /// A request for the page at `/`.
    static let request = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
}
