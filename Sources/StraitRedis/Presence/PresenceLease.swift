/// For how long a process that is not heard of is taken to live. One that is killed has left everywhere after both
/// times together, if anybody is left to notice.
package struct PresenceLease: Sendable {
    /// How often it is renewed.
    package var interval: Duration = .seconds(2)
    /// How long it lasts.
    package var duration: Duration = .seconds(6)

    package init() {}
}
