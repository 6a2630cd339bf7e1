import Testing

@testable import TokenCore

@Suite("Redirect matching")
struct RedirectsMatchingTests {
  static let base = "https://client.example/oauth/callback?tenant=a%2Fb"

  static func matches(_ registered: String, _ presented: String, isPublic: Bool) -> Bool {
    RedirectMatching.matches(
      registered: Array(registered.utf8), presented: Array(presented.utf8), isPublic: isPublic)
  }

  @Test(arguments: [
    base, "http://client.example", "http://127.0.0.1:8080/cb", "http://[::1]/cb",
    "cursor://auth/cb",
  ])
  func F10_theRegisteredBytesMatch(uri: String) {
    #expect(Self.matches(uri, uri, isPublic: false))
    #expect(Self.matches(uri, uri, isPublic: true))
  }

  /// Written by hand: what attackers and careless clients present.
  static let nearMisses = [
    "", " ", "https://client.example/oauth/callback", "https://client.example/oauth/callback?",
    "https://client.example/oauth/callback?tenant=a%2fb",
    "https://client.example/oauth/callback?tenant=a/b",
    "https://client.example/oauth/callback?tenant=a%2Fb ",
    " https://client.example/oauth/callback?tenant=a%2Fb",
    "https://client.example/oauth/callback?tenant=a%2Fb\n",
    "https://client.example/oauth/callback?tenant=a%2Fb\0",
    "https://client.example/oauth/callback?tenant=a%2Fb#",
    "https://client.example/oauth/callback?tenant=a%2Fb#x",
    "https://client.example/oauth/callback?tenant=a%2Fb&",
    "https://client.example/oauth/callback?tenant=a%2Fb&x=1",
    "https://client.example/oauth/callback?x=1&tenant=a%2Fb",
    "https://client.example/oauth/callback?tenant=a%2Fb&tenant=a%2Fb",
    "https://client.example/oauth/callback?Tenant=a%2Fb",
    "https://client.example/oauth/callback/?tenant=a%2Fb",
    "https://client.example/oauth//callback?tenant=a%2Fb",
    "https://client.example//oauth/callback?tenant=a%2Fb",
    "https://client.example/./oauth/callback?tenant=a%2Fb",
    "https://client.example/oauth/./callback?tenant=a%2Fb",
    "https://client.example/x/../oauth/callback?tenant=a%2Fb",
    "https://client.example/oauth/callback/..?tenant=a%2Fb",
    "https://client.example/oauth/callback/../callback?tenant=a%2Fb",
    "https://client.example/oauth/%2e%2e/oauth/callback?tenant=a%2Fb",
    "https://client.example/oauth%2Fcallback?tenant=a%2Fb",
    "https://client.example/%6Fauth/callback?tenant=a%2Fb",
    "https://client.example/OAuth/callback?tenant=a%2Fb",
    "https://client.example/oauth/Callback?tenant=a%2Fb",
    "https://client.example/oauth/callback;x?tenant=a%2Fb",
    "https://client.example/oauth/callback%00?tenant=a%2Fb",
    "https://client.example/oauth/callback%20?tenant=a%2Fb",
    "https://client.example/oauth/callback.evil?tenant=a%2Fb",
    "https://client.example\\oauth/callback?tenant=a%2Fb",
    "https:\\\\client.example/oauth/callback?tenant=a%2Fb",
    "https:/client.example/oauth/callback?tenant=a%2Fb",
    "https:client.example/oauth/callback?tenant=a%2Fb",
    "https:///client.example/oauth/callback?tenant=a%2Fb",
    "https://client.example:443/oauth/callback?tenant=a%2Fb",
    "https://client.example:/oauth/callback?tenant=a%2Fb",
    "https://client.example:8443/oauth/callback?tenant=a%2Fb",
    "https://client.example./oauth/callback?tenant=a%2Fb",
    "https://.client.example/oauth/callback?tenant=a%2Fb",
    "https://www.client.example/oauth/callback?tenant=a%2Fb",
    "https://client.example.evil.test/oauth/callback?tenant=a%2Fb",
    "https://client.example@evil.test/oauth/callback?tenant=a%2Fb",
    "https://client.example%40evil.test/oauth/callback?tenant=a%2Fb",
    "https://evil.test@client.example/oauth/callback?tenant=a%2Fb",
    "https://:@client.example/oauth/callback?tenant=a%2Fb",
    "https://evil.test/https://client.example/oauth/callback?tenant=a%2Fb",
    "https://evil.test?https://client.example/oauth/callback?tenant=a%2Fb",
    "https://evil.test#https://client.example/oauth/callback?tenant=a%2Fb",
    "https://evil.test\\@client.example/oauth/callback?tenant=a%2Fb",
    "https://client.example\u{0000}.evil.test/oauth/callback?tenant=a%2Fb",
    "https://client。example/oauth/callback?tenant=a%2Fb",
    "https://cli\u{0435}nt.example/oauth/callback?tenant=a%2Fb",
    "https://client.example\u{FF0F}oauth/callback?tenant=a%2Fb",
    "https://client.example/o\u{0061}\u{0308}uth/callback?tenant=a%2Fb",
    "https://CLIENT.example/oauth/callback?tenant=a%2Fb",
    "https://Client.Example/oauth/callback?tenant=a%2Fb",
    "HTTPS://client.example/oauth/callback?tenant=a%2Fb",
    "Https://client.example/oauth/callback?tenant=a%2Fb",
    "http://client.example/oauth/callback?tenant=a%2Fb",
    "httpss://client.example/oauth/callback?tenant=a%2Fb",
    "//client.example/oauth/callback?tenant=a%2Fb", "/oauth/callback?tenant=a%2Fb",
    "client.example/oauth/callback?tenant=a%2Fb",
    "javascript://client.example/oauth/callback?tenant=a%2Fb",
    "javascript:alert(1)//https://client.example/oauth/callback?tenant=a%2Fb",
    "data:text/html,https://client.example/oauth/callback?tenant=a%2Fb",
    "https://*/oauth/callback?tenant=a%2Fb", "https://client.example/*", "*",
    "https://client.example/oauth/callback?*", "https://client.example/oauth/callback?tenant=*",
    "\u{FEFF}https://client.example/oauth/callback?tenant=a%2Fb",
    "https://client.example/oauth/callback?tenant=a%2Fb\u{200B}",
    "https://client.example/oauth/callback?tenant=a%2Fb\r\nLocation: https://evil.test",
    "https://client.example/oauth/callback?tenant=a%2Fb,https://evil.test",
    "https://client.example/oauth/callback?tenant=a%2Fb https://evil.test",
  ]

  @Test(arguments: nearMisses)
  func A1_aNearMissIsRefused(uri: String) {
    #expect(!Self.matches(Self.base, uri, isPublic: false))
    #expect(!Self.matches(Self.base, uri, isPublic: true))
  }

  @Test func A1_everyChangeOfOneByteIsRefused() {
    let base = Array(Self.base.utf8)
    var misses: Set<[UInt8]> = []
    for place in base.indices {
      misses.insert(Array(base[..<place] + base[(place + 1)...]))
      misses.insert(Array(base[..<place]))
      misses.insert(Array(base[...place] + [base[place]] + base[(place + 1)...]))
      for byte in [base[place] ^ 0x20, base[place] ^ 0x80, base[place] &+ 1, 0, 0x2A, 0x2F] {
        misses.insert(Array(base[..<place] + [byte] + base[(place + 1)...]))
      }
      let encoded = Array("%\(String(base[place], radix: 16))".utf8)
      misses.insert(Array(base[..<place] + encoded + base[(place + 1)...]))
    }
    misses.remove(base)
    #expect(misses.count > 400)
    for miss in misses {
      for isPublic in [false, true] {
        #expect(
          !RedirectMatching.matches(registered: base, presented: miss, isPublic: isPublic),
          "\(miss)")
      }
    }
  }

  @Test(arguments: [
    ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb"),
    ("http://127.0.0.1:8080/cb", "http://127.0.0.1:49152/cb"),
    ("http://127.0.0.1:8080/cb", "http://127.0.0.1/cb"),
    ("http://127.0.0.1:1", "http://127.0.0.1:65535"), ("http://[::1]/cb", "http://[::1]:7/cb"),
    ("http://[::1]:80?x=1", "http://[::1]:81?x=1"),
  ])
  func A1_onlyThePortOfALoopbackAddressVariesForPublicClients(registered: String, presented: String)
  {
    #expect(Self.matches(registered, presented, isPublic: true))
    #expect(!Self.matches(registered, presented, isPublic: false))
  }

  @Test(arguments: [
    ("http://127.0.0.1/cb", "http://127.0.0.1:0/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.1:00080/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.1:65536/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.1:/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.1:99999/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.1:8080x/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.1:-1/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.1:+80/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.1:80:80/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.1:80@evil/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.1:80#/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.1:80\\/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.1:80/CB"),
    ("http://127.0.0.1/cb", "http://127.0.0.1:80/cb/"),
    ("http://127.0.0.1/cb", "http://127.0.0.1:80/cb?x"),
    ("http://127.0.0.1/cb", "http://127.0.0.1:80"),
    ("http://127.0.0.1/cb", "https://127.0.0.1:80/cb"),
    ("http://127.0.0.1/cb", "HTTP://127.0.0.1:80/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.2:80/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.10:80/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.1.evil.test:80/cb"),
    ("http://127.0.0.1/cb", "http://127.1:80/cb"),
    ("http://127.0.0.1/cb", "http://0x7f000001:80/cb"),
    ("http://127.0.0.1/cb", "http://2130706433:80/cb"),
    ("http://127.0.0.1/cb", "http://127.000.000.001:80/cb"),
    ("http://127.0.0.1/cb", "http://localhost:80/cb"),
    ("http://127.0.0.1/cb", "http://[::1]:80/cb"),
    ("http://[::1]/cb", "http://[0:0:0:0:0:0:0:1]:80/cb"),
    ("http://[::1]/cb", "http://[::1%25lo]:80/cb"),
    ("http://[::1]/cb", "http://[::ffff:127.0.0.1]:80/cb"),
    ("http://[::1]/cb", "http://[::1]80/cb"), ("http://[::1]/cb", "http://[::1]evil.test/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.1evil.test/cb"),
    ("http://127.0.0.1/cb", "http://user@127.0.0.1:80/cb"),
    ("https://127.0.0.1/cb", "https://127.0.0.1:80/cb"),
    ("http://localhost/cb", "http://localhost:80/cb"),
    ("http://10.0.0.1/cb", "http://10.0.0.1:80/cb"),
    ("https://client.example/cb", "https://client.example:80/cb"),
    ("http://127.0.0.1:0/cb", "http://127.0.0.1:80/cb"),
    ("cursor://127.0.0.1/cb", "cursor://127.0.0.1:80/cb"),
  ])
  func A1_nothingElseOfALoopbackAddressVaries(registered: String, presented: String) {
    #expect(!Self.matches(registered, presented, isPublic: true))
    #expect(!Self.matches(registered, presented, isPublic: false))
  }
}
