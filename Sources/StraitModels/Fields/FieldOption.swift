public import StraitDatabase

/// An option of a field. The macro `@Model` makes it of an attribute: `@MaxLength(100)` becomes `.maxLength(100)`.
public struct FieldOption: Sendable {
    let apply: @Sendable (inout ModelField) -> Void

    private init(_ apply: @escaping @Sendable (inout ModelField) -> Void) { self.apply = apply }

    /// Sets a property of the field.
    private static func setting<Value: Sendable>(
        _ path: any WritableKeyPath<ModelField, Value> & Sendable, _ value: Value
    ) -> FieldOption {
        FieldOption { $0[keyPath: path] = value }
    }

    /// Replaces the kind, or notes the mistake that the field has another type.
    private static func change(
        _ option: String, _ advice: String, _ kind: @escaping @Sendable (FieldKind) -> FieldKind?
    ) -> FieldOption {
        FieldOption { field in
            if let kind = kind(field.kind) {
                field.kind = kind
            } else {
                field.mistakes.append("@\(option) of `\(field.property)` does not fit its type. \(advice)")
            }
        }
    }

    /// The automatic primary key, by default a `BigAutoField`.
    public static func id(_ kind: FieldKind?) -> FieldOption {
        FieldOption { field in
            field.kind = kind ?? field.kind
            field.isPrimaryKey = true
            field.isEditable = false
            field.isBlank = true
            field.verboseName = "ID"
        }
    }
    /// The expression after `=`.
    public static func initial(_ value: @escaping @Sendable () -> any DatabaseConvertible) -> FieldOption {
        setting(\.defaultValue, FieldDefault(value))
    }
    /// `@MaxLength`.
    public static func maxLength(_ count: Int) -> FieldOption {
        change("MaxLength", "Remove it, or make the field a String.") { $0.limited(to: count) }
    }
    /// `@Digits`.
    public static func digits(_ count: Int, places: Int) -> FieldOption {
        change("Digits", "Remove it, or make the field a Decimal.") { kind in
            guard case .decimal = kind else { return nil }
            return .decimal(maxDigits: count, decimalPlaces: places)
        }
    }
    /// `@Positive`.
    public static var positive: FieldOption {
        change("Positive", "Remove it, or make the field an Int16, Int32, Int64 or Int.", \.positive)
    }
    /// `@Slug`.
    public static var slug: FieldOption {
        FieldOption { field in
            text("Slug", .slug(maxLength: 50)).apply(&field)
            field.isIndexed = true
        }
    }
    /// `@Email`.
    public static var email: FieldOption { text("Email", .email(maxLength: 254)) }
    /// `@URLString`.
    public static var urlString: FieldOption { text("URLString", .url(maxLength: 200)) }

    private static func text(_ option: String, _ kind: FieldKind) -> FieldOption {
        change(option, "Remove it, or make the field a String.") { old in
            switch old {
            case .text: kind
            case .char(let length): kind.limited(to: length)
            default: nil
            }
        }
    }

    /// `@Upload`.
    public static func upload(to folder: String) -> FieldOption { setting(\.uploadFolder, folder) }
    /// `@Unique`.
    public static var unique: FieldOption { setting(\.isUnique, true) }
    /// `@Indexed`.
    public static var indexed: FieldOption { setting(\.isIndexed, true) }
    /// `@PrimaryKey`.
    public static var primaryKey: FieldOption { setting(\.isPrimaryKey, true) }
    /// `@Blank`.
    public static var blank: FieldOption { setting(\.isBlank, true) }
    /// `@NotEditable`.
    public static var notEditable: FieldOption { setting(\.isEditable, false) }
    /// `@DatabaseDefault`.
    public static func databaseDefault(_ value: DatabaseDefault) -> FieldOption { setting(\.databaseDefault, value) }
    /// `@Label`.
    public static func label(_ name: String, help: String = "") -> FieldOption {
        FieldOption { field in
            field.verboseName = name
            field.helpText = help
        }
    }
    /// `@AutoNowAdd`.
    public static var autoNowAdd: FieldOption { time("AutoNowAdd", .create) }
    /// `@AutoNow`.
    public static var autoNow: FieldOption { time("AutoNow", .save) }

    private static func time(_ option: String, _ occasion: AutoNow) -> FieldOption {
        FieldOption { field in
            guard [.dateTime, .date, .time].contains(field.kind) else {
                field.mistakes.append(
                    "@\(option) of `\(field.property)` does not fit its type. Remove it, or make the field a Date.")
                return
            }
            field.autoNow = occasion
            field.isEditable = false
            field.isBlank = true
        }
    }

    /// `@ForeignKey`.
    public static func foreignKey<M: Model>(
        _ model: M.Type, onDelete: DeleteRule, relatedName: String? = nil, isIndexed: Bool = true
    ) -> FieldOption {
        FieldOption { field in
            field.kind = .foreignKey
            field.isIndexed = isIndexed
            field.reference = ModelReference(model, onDelete: onDelete, relatedName: relatedName)
        }
    }
    /// `@OneToOne`.
    public static func oneToOne<M: Model>(
        _ model: M.Type, onDelete: DeleteRule, relatedName: String? = nil
    ) -> FieldOption {
        FieldOption { field in
            field.kind = .oneToOne
            field.reference = ModelReference(model, onDelete: onDelete, relatedName: relatedName)
        }
    }
}
