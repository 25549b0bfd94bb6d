internal import StraitModels

/// A change of the tables of an app, one file in its folder `Migrations`.
///
/// ```swift
/// import Strait
///
/// struct M0002_photo_caption: Migration {
///     static let dependencies = ["gallery.0001_initial"]
///     static let operations: [MigrationOperation] = [
///         .addField("Photo", .text("caption"), filling: "")
///     ]
/// }
/// ```
///
/// The command `makemigrations` writes such files, and `migrate` applies them.
public protocol Migration: Sendable {
    /// The name: `0002_photo_caption`. By default, it is the type's name without the `M` at its start.
    static var name: String { get }
    /// The label of the app: by default its module's name in snake case, as for models.
    static var app: String { get }
    /// The migrations that come first: `gallery.0001_initial`.
    static var dependencies: [String] { get }
    /// The changes, in order.
    static var operations: [MigrationOperation] { get }
    /// Whether the migration runs in a transaction; true by default. Concurrent changes of indexes never do.
    static var isAtomic: Bool { get }
}

extension Migration {
    /// The type's name without the `M` at its start.
    public static var name: String { String(ModelName(Self.self, app: "").name.trimmingPrefix("M")) }
    /// The module's name in snake case.
    public static var app: String { ModelName(Self.self, app: nil).app }
    /// None, by default.
    public static var dependencies: [String] { [] }
    /// True by default.
    public static var isAtomic: Bool { true }
}

/// The name of a migration, with its app.
public struct MigrationName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The label of the app.
    public let app: String
    /// The name in the app: `0001_initial`.
    public let name: String

    /// Creates a name.
    public init(app: String, name: String) {
        self.app = app
        self.name = name
    }

    /// Reads `gallery.0001_initial`. Returns nil for other text.
    init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.init(app: String(parts[0]), name: String(parts[1]))
    }

    /// Whether `left` comes first, by app and name.
    public static func < (left: MigrationName, right: MigrationName) -> Bool {
        (left.app, left.name) < (right.app, right.name)
    }

    /// Both names with a point between them.
    public var description: String { "\(app).\(name)" }

    /// The number at the start of the name, or nil.
    var number: Int? { Int(name.prefix { $0.isNumber && $0.isASCII }) }
}

/// A migration as data.
package struct MigrationNode: Sendable {
    package let name: MigrationName
    package let dependencies: [MigrationName]
    package let operations: [MigrationOperation]
    /// Whether the migration runs in a transaction.
    package let isAtomic: Bool
    /// Whether PostgreSQL has to run the migration without a transaction.
    var isConcurrent: Bool { operations.contains(where: \.isConcurrent) }

    package init(
        _ name: MigrationName, dependencies: [MigrationName] = [], operations: [MigrationOperation],
        isAtomic: Bool = true
    ) {
        self.name = name
        self.dependencies = dependencies
        self.operations = operations
        self.isAtomic = isAtomic
    }

    /// Reads a migration's type.
    ///
    /// - Throws: ``MigrationError`` if a dependency is not a name such as `gallery.0001_initial`.
    package init<M: Migration>(_ migration: M.Type) throws(MigrationError) {
        let name = MigrationName(app: M.app, name: M.name)
        var dependencies: [MigrationName] = []
        for text in M.dependencies {
            guard let dependency = MigrationName(text) else {
                throw MigrationError(
                    "The migration \(name) depends on '\(text)', which is not a migration's name. Write app and name, "
                        + "such as gallery.0001_initial.")
            }
            dependencies.append(dependency)
        }
        self.init(name, dependencies: dependencies, operations: M.operations, isAtomic: M.isAtomic)
    }
}

extension MigrationOperation {
    /// Whether PostgreSQL runs the operation outside of a transaction.
    var isConcurrent: Bool {
        switch kind {
        case .addIndex(_, _, let isConcurrent), .removeIndex(_, _, let isConcurrent): isConcurrent
        default: false
        }
    }
}

/// An error in migrations, or while they run, and what to do.
public struct MigrationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The problem and its solution.
    public let description: String

    /// Creates an error.
    package init(_ description: String) { self.description = description }
}
