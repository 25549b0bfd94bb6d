/// A connection's endpoint. A client masks its frames, and a server must not (RFC 6455 §5.1).
package enum Role: Sendable {
    case server
    case client
}
