import StraitWeb

/// The settings of the program that asks its site for something: what a file and the environment say is read once, and
/// everybody goes by the same.
enum InstalledSettings {
    @TaskLocal static var current: Settings?
}
