import Testing

@testable import signetctl

@Suite struct ReportTests {
  static var report: Report {
    Report(
      .line("Registered."),
      .fields([
        Field("clientId", .text("abc")), Field("clientSecret", .text("")),
        Field("callbacks", .list([.text("https://a/1"), .text("https://a/2")])),
        Field("trusted", .bool(true)), Field("createdAt", .time(1_796_133_769_999)),
        Field("updatedAt", .time(0)), Field("expiresInSeconds", .seconds(5_400)),
        Field("app", .record([Field("name", .text("W")), Field("isPublic", .bool(false))])),
      ]),
      .table(
        key: "keys", columns: [Column("keyId", "key"), Column("state")],
        rows: [
          [Field("keyId", .number(1)), Field("state", .text("primary")), Field("x", .number(2))],
          [Field("keyId", .number(200)), Field("state", .text("retired")), Field("x", .number(3))],
        ]), notes: ["mind this"])
  }

  @Test func textGolden() {
    #expect(
      TextReport(usesColour: false).text(Self.report) == """
        Registered.
        client id           abc
        client secret       -
        callbacks           https://a/1
                            https://a/2
        trusted             yes
        created at          2026-12-01T14:02:49Z
        updated at          -
        expires in seconds  1h 30m
        app                 name W, is public no
        KEY  STATE
        1    primary
        200  retired

        """)
  }

  @Test func jsonGolden() {
    #expect(
      JSONReport.text(Self.report) == """
        {
          "clientId": "abc",
          "clientSecret": "",
          "callbacks": [
            "https://a/1",
            "https://a/2"
          ],
          "trusted": true,
          "createdAt": 1796133769999,
          "updatedAt": 0,
          "expiresInSeconds": 5400,
          "app": {
            "name": "W",
            "isPublic": false
          },
          "keys": [
            {
              "keyId": 1,
              "state": "primary",
              "x": 2
            },
            {
              "keyId": 200,
              "state": "retired",
              "x": 3
            }
          ],
          "notes": [
            "mind this"
          ]
        }

        """)
  }

  @Test func emptyTableSaysSo() {
    let report = Report(.table(key: "apps", columns: [Column("name")], rows: []))
    #expect(TextReport(usesColour: false).text(report) == "no apps\n")
    #expect(JSONReport.text(report) == "{\n  \"apps\": []\n}\n")
  }

  @Test func emptyReportIsAnEmptyObject() {
    #expect(JSONReport.text(Report()) == "{}\n")
    #expect(TextReport(usesColour: true).text(Report()) == "")
  }

  @Test func onlyTitlesAreColoured() {
    let report = Report(
      .table(key: "k", columns: [Column("a")], rows: [[Field("a", .text("v"))]]))
    #expect(TextReport(usesColour: true).text(report) == "\u{1B}[1mA\u{1B}[0m\nv\n")
  }

  @Test func wideAndCombiningTextKeepsColumnsStraight() {
    let rows = ["日本", "e\u{301}a", "plain"].map {
      [Field("a", .text($0)), Field("b", .text("|"))]
    }
    let report = Report(.table(key: "k", columns: [Column("a"), Column("b")], rows: rows))
    #expect(
      TextReport(usesColour: false).text(report)
        == "A      B\n日本   |\ne\u{301}a     |\nplain  |\n")
  }

  @Test(arguments: [
    ("quote \" slash \\ /", #""quote \" slash \\ /""#),
    ("\u{0}\u{1F}\n\r\t\u{7F}", #""\u0000\u001f\n\r\t\u007f""#),
    ("\u{9B}31m", #""\u009b31m""#), ("a\u{2028}b\u{202E}c", #""a\u2028b\u202ec""#),
    ("é 日本 😀", "\"é 日本 😀\""),
  ])
  func jsonEscapes(text: String, json: String) {
    #expect(JSONWriter.object([Field("k", .text(text))]) == "{\n  \"k\": \(json)\n}\n")
  }

  @Test func namesCannotDriveTheTerminal() {
    let report = Report(.fields([Field("name", .text("a\u{1B}[2Jb\nfake: yes\u{9B}c\u{202E}"))]))
    #expect(
      TextReport(usesColour: false).text(report)
        == "name  a\\u{1b}[2Jb\\u{a}fake: yes\\u{9b}c\\u{202e}\n")
  }

  @Test func tablesShowWhatIsInvisible() {
    let rows = ["ann", "an\u{200B}n", "\u{2066}ann", "ann\u{FEFF}", "an\u{85}n"].map {
      [Field("user", .text($0))]
    }
    let table = Report(.table(key: "users", columns: [Column("user")], rows: rows))
    #expect(
      TextReport(usesColour: false).text(table)
        == "USER\nann\nan\\u{200b}n\n\\u{2066}ann\nann\\u{feff}\nan\\u{85}n\n")
  }

  @Test func invalidUTF8BecomesReplacementCharacters() {
    #expect(
      JSONWriter.object([Field("k", .text([0xFF, 0x41]))]) == "{\n  \"k\": \"\u{FFFD}A\"\n}\n")
  }
}
