/// A value of a report. Text is the wire's bytes.
enum Value: Equatable {
  case text([UInt8])
  case number(UInt64)
  case bool(Bool)
  /// Unix milliseconds; 0 is "none".
  case time(UInt64)
  /// A duration.
  case seconds(UInt64)
  case list([Value])
  case record([Field])

  static func text(_ string: String) -> Value { .text(Array(string.utf8)) }
  static func texts(_ values: [[UInt8]]) -> Value { .list(values.map { .text($0) }) }
}

/// A named value: the contract's field name, which is the key in JSON, and what people read.
struct Field: Equatable {
  let key: String
  let label: String
  let value: Value

  /// `clientId` reads as `client id`.
  init(_ key: String, _ value: Value, label: String? = nil) {
    self.key = key
    self.label = label ?? Self.words(key)
    self.value = value
  }

  private static func words(_ key: String) -> String {
    var words = ""
    for letter in key {
      if letter.isUppercase {
        words += " " + letter.lowercased()
      } else {
        words.append(letter)
      }
    }
    return words
  }
}

/// A column of a table: which field of a row, and its title.
struct Column: Equatable {
  let key: String
  let title: String

  init(_ key: String, _ title: String? = nil) {
    self.key = key
    self.title = title ?? key
  }
}

/// What a command found or did. Its blocks are rendered one after the other for people; for scripts
/// their fields and tables are the members of one object.
struct Report: Equatable {
  enum Block: Equatable {
    /// A sentence, for people only.
    case line(String)
    case fields([Field])
    /// Rows under a key. All fields of a row are in JSON, the columns in text.
    case table(key: String, columns: [Column], rows: [[Field]])
    /// Rows under a key, which people read as these lines.
    case prose(key: String, rows: [[Field]], lines: [String])
  }

  var blocks: [Block]
  /// What the reader should know beside the answer; in JSON under `notes`.
  var notes: [String] = []
  var exitCode = ExitCode.ok

  init(_ blocks: Block..., notes: [String] = [], exitCode: ExitCode = .ok) {
    self.blocks = blocks
    self.notes = notes
    self.exitCode = exitCode
  }

  /// A sentence and the fields that go with it.
  static func done(_ sentence: String, _ fields: [Field], notes: [String] = []) -> Report {
    Report(.line(sentence), .fields(fields), notes: notes)
  }
}
