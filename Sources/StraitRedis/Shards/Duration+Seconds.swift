import StraitNetwork

extension Duration {
    /// The duration in seconds as decimal text, for Redis commands and scripts.
    var secondsText: String {
        let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        if rest == 0 { return String(whole) }
        let digits = String(rest)
        return "\(whole).\(String(repeating: "0", count: 9 - digits.count))\(digits)"
    }
}
