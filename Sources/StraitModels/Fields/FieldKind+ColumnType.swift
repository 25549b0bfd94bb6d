public import StraitDatabase

extension FieldKind {
    /// Returns the type of the column, as Django declares it: `varchar(100)`. A foreign key has the type of the primary
    /// key that it refers to.
    public func columnType(for engine: DatabaseEngine, key: FieldKind = .bigAuto) -> String {
        switch self {
        case .foreignKey, .oneToOne: key.referringKind.columnType(for: engine)
        case .smallAuto: engine == .sqlite ? "integer" : "smallint"
        case .auto: "integer"
        case .bigAuto: engine == .sqlite ? "integer" : "bigint"
        case .smallInteger: "smallint"
        case .integer: "integer"
        case .bigInteger: "bigint"
        case .positiveSmallInteger: engine == .sqlite ? "smallint unsigned" : "smallint"
        case .positiveInteger: engine == .sqlite ? "integer unsigned" : "integer"
        case .positiveBigInteger: engine == .sqlite ? "bigint unsigned" : "bigint"
        case .float: engine == .sqlite ? "real" : "double precision"
        case .decimal(let digits, let places): engine == .sqlite ? "decimal" : "numeric(\(digits), \(places))"
        case .boolean: engine == .sqlite ? "bool" : "boolean"
        case .char(let length), .slug(let length), .email(let length), .url(let length), .file(let length),
            .image(let length):
            "varchar(\(length))"
        case .text: "text"
        case .binary: engine == .sqlite ? "BLOB" : "bytea"
        case .uuid: engine == .sqlite ? "char(32)" : "uuid"
        case .dateTime: engine == .sqlite ? "datetime" : "timestamp with time zone"
        case .date: "date"
        case .time: engine == .sqlite ? "time" : "time without time zone"
        case .duration: engine == .sqlite ? "bigint" : "interval"
        case .json: engine == .sqlite ? "text" : "jsonb"
        }
    }

    /// The kind of a column that refers to a primary key of this kind.
    var referringKind: FieldKind {
        switch self {
        case .smallAuto, .positiveSmallInteger: .smallInteger
        case .auto, .positiveInteger: .integer
        case .bigAuto, .positiveBigInteger: .bigInteger
        default: self
        }
    }

    /// The type in PostgreSQL to which a constant of this kind is cast in a calculation.
    var postgresCast: String {
        switch self {
        case .char, .slug, .email, .url, .file, .image: "text"
        case .decimal: "numeric"
        default: referringKind.columnType(for: .postgreSQL)
        }
    }
}
