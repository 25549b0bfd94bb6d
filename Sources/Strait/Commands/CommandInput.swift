internal import Glibc
import StraitCore

/// The input of a command's questions: a terminal, or the answers of a test.
struct CommandInput: Sendable {
    /// Whether a user can answer.
    let isTerminal: @Sendable () -> Bool
    /// Shows a question and returns the answer, or nil at the end of the input.
    let line: @Sendable (String) -> String?
    /// Shows a question and returns the answer, which the terminal does not show. Returns nil at the end of the input.
    let hiddenLine: @Sendable (String) -> String?

    /// The terminal of the process.
    static let terminal = CommandInput(
        isTerminal: { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 },
        line: { question in
            write(question)
            return readLine()
        },
        hiddenLine: { readHidden($0) })

    private static func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            // SAFETY: the buffer is valid during the call and has `count` bytes.
            let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count <= 0 { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Reads a line without showing it. The terminal also leaves signals to this function, so that it is restored
    /// after Ctrl-C.
    private static func readHidden(_ question: String) -> String? {
        var before = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
        var hidden = before
        hidden.c_lflag &= ~tcflag_t(ECHO | ISIG | ICANON)
        guard unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0 else { return nil }
        write(question)
        let line = readKeys()
        unsafe _ = tcsetattr(STDIN_FILENO, TCSADRAIN, &before)
        write("\n")
        return line
    }

    /// Reads keys up to Return. Backspace removes a character, Ctrl-U all; Ctrl-C and Ctrl-D end the input.
    private static func readKeys() -> String? {
        var bytes: [UInt8] = []
        while true {
            var byte: UInt8 = 0
            // SAFETY: one byte is written to a variable.
            guard unsafe read(STDIN_FILENO, &byte, 1) == 1 else { return nil }
            switch byte {
            case 0x0A, 0x0D: return String(validating: bytes, as: UTF8.self)
            case 0x03: return nil
            case 0x04: if bytes.isEmpty { return nil }
            case 0x15: bytes = []
            case 0x08, 0x7F:
                // The last byte of a character, and those before it that continue the character.
                while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
            default: bytes.append(byte)
            }
        }
    }
}
