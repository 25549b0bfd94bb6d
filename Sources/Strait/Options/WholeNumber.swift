/// A whole number of which only a range makes sense.
struct WholeNumber<let low: Int, let high: Int>: OptionValue, Hashable {
    let value: Int

    init?(argument: String) {
        guard let number = Int(argument), number >= low, number <= high else { return nil }
        value = number
    }

    static var expectation: String { "a whole number from \(low) to \(high)" }
}
