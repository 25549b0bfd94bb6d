/// A row of the table. Values are strings, validated and formatted for display.
public struct Row: Codable, Sendable, Equatable {
    var item: String
    var quantity: String
    var price: String

    subscript(column: Cell.Column) -> String {
        get {
            switch column {
            case .item: item
            case .quantity: quantity
            case .price: price
            }
        }
        set {
            switch column {
            case .item: item = newValue
            case .quantity: quantity = newValue
            case .price: price = newValue
            }
        }
    }
}
