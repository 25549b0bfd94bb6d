extension StringProtocol {
    /// Whether both texts have the same UTF-8 bytes, as Python and Django compare text.
    ///
    /// `==` compares by canonical equivalence, which takes quadratic time for long runs of combining marks and equates
    /// different scalars. Compare untrusted text with this.
    @inlinable
    package func hasSameBytes(as other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
