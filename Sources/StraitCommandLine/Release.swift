/// The framework's version.
public enum Release {
    /// The version that `--version` prints, in the form `major.minor.patch`.
    public static let version = "0.1.0"
}
