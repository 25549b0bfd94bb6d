public import StraitDatabase
public import StraitModels

extension User {
    /// A group of users, who have its permissions; Django's `Group`.
    @Model(app: "auth", id: .auto)
    public struct Group: CustomStringConvertible {
        /// The name.
        @MaxLength(150) @Unique @Label("name") public var name: String
        /// The permissions that the members have.
        @ManyToMany @Blank @Label("permissions") public var permissions: Links<Permission>

        /// The name.
        public var description: String { name }
    }
}
