extension StringProtocol {
    /// Whether both texts have the same UTF-8 bytes. Python and Django compare text in the same way.
    ///
    /// Use it to compare untrusted text. `==` takes quadratic time for long runs of combining marks, because it
    /// compares by canonical equivalence. It also treats different scalars as equal.
    @inlinable
    package func hasSameBytes(as other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
