/// The lease of a process in presence.
///
/// A killed process has left all groups after `interval` and `duration` together, if another process is running.
package struct PresenceLease: Sendable {
    /// The renewal interval: 2 seconds.
    package var interval: Duration = .seconds(2)
    /// The duration of the lease: 6 seconds.
    package var duration: Duration = .seconds(6)

    package init() {}
}
