import Foundation
import StraitCore
import StraitModels

/// The text of a query's result, as `Tests/Peers/django/library.py` writes it.
enum QueryText {
    /// Returns the text of `value`.
    ///
    /// - Parameter isSorted: Whether the order of rows is a part of the result.
    static func of(_ value: Any, isSorted: Bool) -> String {
        if !isSorted, let rows = list(value) { return "[" + rows.map(text).sorted().joined(separator: ",") + "]" }
        return text(value)
    }

    private static func list(_ value: Any) -> [Any]? {
        let mirror = Mirror(reflecting: value)
        return mirror.displayStyle == .collection ? mirror.children.map(\.value) : nil
    }

    private static func text(_ value: Any) -> String {
        switch value {
        case let value as any Model: return "#\(value.id)"
        case let value as Bool: return "\(value)"
        case let value as Double: return short(value)
        case let value as Decimal: return short(NSDecimalNumber(decimal: value).doubleValue)
        case let value as Date: return text(value)
        case let value as DeletedRows:
            let models = value.byModel.map { "\($0.key):\($0.value)" }.sorted()
            return "[\(value.count),{\(models.joined(separator: ","))}]"
        default: break
        }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.map { text($0.value) } ?? "null"
        case .tuple:
            return mirror.children.isEmpty
                ? "null" : "[\(mirror.children.map { text($0.value) }.joined(separator: ","))]"
        case .collection: return "[\(mirror.children.map { text($0.value) }.joined(separator: ","))]"
        case .dictionary:
            let items = mirror.children.map { child -> String in
                let pair = Mirror(reflecting: child.value).children.map(\.value)
                return "\(pair[0]):" + of(pair[1], isSorted: false)
            }
            return "{\(items.sorted().joined(separator: ","))}"
        default: return "\(value)"
        }
    }

    private static func short(_ number: Double) -> String { String(format: "%.10g", number) }

    private static func text(_ date: Date) -> String {
        let text = (try? date.databaseValue(for: .postgreSQL)).flatMap { value -> String? in
            if case .text(let text) = value { return text }
            return nil
        }
        return text ?? ""
    }
}
