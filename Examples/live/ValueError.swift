/// An error about a cell's value, with a text for the user.
struct ValueError: Error, Equatable, CustomStringConvertible {
    let description: String

    static let item = ValueError(description: "An item has a name of 1 to 40 characters.")
    static let quantity = ValueError(description: "A quantity is a whole number from 0 to 9999.")
    static let price = ValueError(description: "A price is a number from 0 to 99999.99, such as 3.50.")
}

extension Cell.Column {
    /// Validates a typed `text` and returns it in the table's format.
    func value(of text: String) throws(ValueError) -> String {
        let text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        switch self {
        case .item:
            guard (1...40).contains(text.unicodeScalars.count),
                !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
            else { throw .item }
            return text
        case .quantity:
            guard text.wholeMatch(of: /[0-9]{1,8}/) != nil, let number = Int(text), number <= 9999 else {
                throw .quantity
            }
            return "\(number)"
        case .price:
            guard let match = text.wholeMatch(of: /([0-9]{1,5})(?:[.,]([0-9]{0,2}))?/), let whole = Int(match.1) else {
                throw .price
            }
            let cents = match.2.map(String.init) ?? ""
            return "\(whole)." + cents + String(repeating: "0", count: 2 - cents.utf8.count)
        }
    }
}
