/// A whole number in a range.
package struct WholeNumber<let low: Int, let high: Int>: OptionValue, Hashable {
    package let value: Int

    package init?(argument: String) {
        guard let number = Int(argument), number >= low, number <= high else { return nil }
        value = number
    }

    package static var expectation: String { "a whole number from \(low) to \(high)" }
}
