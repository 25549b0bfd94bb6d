import Strait

/// A model that the plugin finds.
@Model struct Leaf {
    @MaxLength(30) var name: String
    @ForeignKey(onDelete: .setNull) var parent: Leaf.ID?
}
