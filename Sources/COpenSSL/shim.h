#pragma once
#include <stdint.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

// The block function of SHA-256 is deprecated since OpenSSL 3.0 in favour of EVP, which costs an
// order of magnitude more per short message: it copies a provider context for every tag. Only
// the few functions below use it; TokenCrypto's self test holds them against EVP.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations"

// HMAC-SHA-256 with the padded key already absorbed: words 0-7 are the chaining value after the
// inner pad, 8-15 after the outer pad. As good as the key, so keep it where keys are kept.
#define COPENSSL_HMAC_STATE_BYTES 64

static inline void copenssl_sha256_begin(SHA256_CTX *context) {
  SHA256_Init(context);
}

static inline void copenssl_sha256_absorb(SHA256_CTX *context, const void *bytes, size_t count) {
  SHA256_Update(context, bytes, count);
}

static inline void copenssl_sha256_finish(SHA256_CTX *context, uint8_t digest[32]) {
  SHA256_Final(digest, context);
}

// `key` is at most one block (64 bytes).
static inline void copenssl_hmac_prepare(uint32_t state[16], const uint8_t *key, size_t count) {
  SHA256_CTX context;
  uint8_t block[SHA256_CBLOCK];
  for (int half = 0; half < 2; half++) {
    memset(block, half == 0 ? 0x36 : 0x5c, sizeof block);
    for (size_t i = 0; i < count && i < sizeof block; i++) block[i] ^= key[i];
    SHA256_Init(&context);
    SHA256_Transform(&context, block);
    memcpy(state + 8 * half, context.h, 32);
  }
  OPENSSL_cleanse(block, sizeof block);
  OPENSSL_cleanse(&context, sizeof context);
}

// From the inner chaining value in `context` to the final one: one block that holds the inner
// digest, its padding, and the length of 64 + 32 bytes in bits.
static inline void copenssl_hmac_outer(SHA256_CTX *context, const uint32_t state[16]) {
  uint8_t block[SHA256_CBLOCK] = {0};
  for (int i = 0; i < 8; i++) {
    uint32_t word = __builtin_bswap32(context->h[i]);
    memcpy(block + 4 * i, &word, 4);
  }
  block[32] = 0x80;
  block[62] = 0x03;
  memcpy(context->h, state + 8, 32);
  SHA256_Transform(context, block);
}

// The tag of one block's worth of message: `count` is at most 55, so message, padding and length
// fill exactly one block after the inner pad. `words` are the tag's 32 bytes read as four
// little-endian words.
static inline void copenssl_hmac_short(const uint32_t state[16], const uint8_t *message,
                                       size_t count, uint64_t words[4]) {
  SHA256_CTX context;
  uint8_t block[SHA256_CBLOCK] = {0};
  size_t bits = (SHA256_CBLOCK + count) * 8;
  memcpy(block, message, count);
  block[count] = 0x80;
  block[62] = (uint8_t)(bits >> 8);
  block[63] = (uint8_t)bits;
  memcpy(context.h, state, 32);
  SHA256_Transform(&context, block);
  copenssl_hmac_outer(&context, state);
  for (int i = 0; i < 4; i++) {
    words[i] = (uint64_t)__builtin_bswap32(context.h[2 * i]) |
               (uint64_t)__builtin_bswap32(context.h[2 * i + 1]) << 32;
  }
}

// The tag of a message of any length.
static inline void copenssl_hmac_long(const uint32_t state[16], const void *message, size_t count,
                                      uint64_t words[4]) {
  SHA256_CTX context;
  SHA256_Init(&context);
  memcpy(context.h, state, 32);
  context.Nl = SHA256_CBLOCK * 8;
  SHA256_Update(&context, message, count);
  uint8_t inner[SHA256_DIGEST_LENGTH];
  SHA256_Final(inner, &context);
  for (int i = 0; i < 8; i++) {
    uint32_t word;
    memcpy(&word, inner + 4 * i, 4);
    context.h[i] = __builtin_bswap32(word);
  }
  copenssl_hmac_outer(&context, state);
  for (int i = 0; i < 4; i++) {
    words[i] = (uint64_t)__builtin_bswap32(context.h[2 * i]) |
               (uint64_t)__builtin_bswap32(context.h[2 * i + 1]) << 32;
  }
}

// The word whose bytes in memory are those of `word`, least significant first.
static inline uint64_t copenssl_le64(uint64_t word) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return __builtin_bswap64(word);
#else
  return word;
#endif
}

// The 19 bytes under a token's tag: kind, version, key id, two little-endian words of id. `tag` is
// the first half of the HMAC as two little-endian words.
static inline void copenssl_token_tag(const uint32_t state[16], uint32_t header, uint64_t word0,
                                      uint64_t word1, uint64_t tag[2]) {
  // The inner block as little-endian words: the message, its padding (0x80), and the length of
  // 64 + 19 bytes in bits, big-endian in the last two bytes.
  const uint64_t block[8] = {
      copenssl_le64((header & 0xffffff) | word0 << 24),
      copenssl_le64(word0 >> 40 | word1 << 24),
      copenssl_le64(word1 >> 40 | (uint64_t)0x80 << 24),
      0, 0, 0, 0,
      copenssl_le64((uint64_t)0x02 << 48 | (uint64_t)0x98 << 56),
  };
  SHA256_CTX context;
  memcpy(context.h, state, 32);
  SHA256_Transform(&context, (const unsigned char *)block);
  copenssl_hmac_outer(&context, state);
  for (int i = 0; i < 2; i++) {
    tag[i] = (uint64_t)__builtin_bswap32(context.h[2 * i]) |
             (uint64_t)__builtin_bswap32(context.h[2 * i + 1]) << 32;
  }
}

#pragma clang diagnostic pop

// An EVP_MAC context for HMAC-SHA-256 under `key`, or NULL. Free with EVP_MAC_CTX_free.
static inline EVP_MAC_CTX *copenssl_provider_hmac(const uint8_t *key, size_t count) {
  char digest[] = "SHA256";
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end(),
  };
  EVP_MAC *mac = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_HMAC, NULL);
  EVP_MAC_CTX *context = EVP_MAC_CTX_new(mac);
  EVP_MAC_free(mac);
  if (context && EVP_MAC_init(context, key, count, params) != 1) {
    EVP_MAC_CTX_free(context);
    return NULL;
  }
  return context;
}

// HKDF-SHA-256, extract and expand (RFC 5869). Returns 1, or something else if the library failed.
static inline int copenssl_hkdf(uint8_t *out, size_t out_count, const uint8_t *key,
                                size_t key_count, const uint8_t *salt, size_t salt_count,
                                const uint8_t *info, size_t info_count) {
  char digest[] = "SHA256";
  OSSL_PARAM params[5];
  size_t used = 0;
  params[used++] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0);
  params[used++] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)key, key_count);
  if (salt_count > 0) {
    params[used++] =
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt, salt_count);
  }
  if (info_count > 0) {
    params[used++] =
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)info, info_count);
  }
  params[used] = OSSL_PARAM_construct_end();
  EVP_KDF *kdf = EVP_KDF_fetch(NULL, OSSL_KDF_NAME_HKDF, NULL);
  EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
  EVP_KDF_free(kdf);
  int result = context ? EVP_KDF_derive(context, out, out_count, params) : 0;
  EVP_KDF_CTX_free(context);
  return result;
}

// One AES-256-GCM message: `encrypts` is 1 or 0. When encrypting, `tag` receives 16 bytes; when
// decrypting, it holds them. Returns 1, or something else: the library failed, or, when
// decrypting, key, nonce, extra bytes, text and tag do not belong together.
static inline int copenssl_aes256_gcm(EVP_CIPHER_CTX *context, int encrypts, const uint8_t key[32],
                                      const uint8_t nonce[12], const uint8_t *extra,
                                      size_t extra_count, const uint8_t *in, size_t count,
                                      uint8_t *out, uint8_t tag[16]) {
  int written = 0;
  uint8_t end[16];
  if (EVP_CipherInit_ex2(context, EVP_aes_256_gcm(), key, nonce, encrypts, NULL) != 1) return 0;
  if (EVP_CipherUpdate(context, NULL, &written, extra, (int)extra_count) != 1) return 0;
  if (count > 0 && EVP_CipherUpdate(context, out, &written, in, (int)count) != 1) return 0;
  if (!encrypts && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, tag) != 1) return 0;
  if (EVP_CipherFinal_ex(context, end, &written) != 1) return 0;
  return encrypts ? EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, tag) : 1;
}

// CRC-32C (Castagnoli; reflected, start and end inverted), a nibble at a time: for processors
// without an instruction for it.
static inline uint32_t copenssl_crc32c_plain(uint32_t crc, const uint8_t *bytes, size_t count) {
  static const uint32_t table[16] = {
      0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3,
      0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
      0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
  };
  for (size_t i = 0; i < count; i++) {
    crc ^= bytes[i];
    crc = crc >> 4 ^ table[crc & 15];
    crc = crc >> 4 ^ table[crc & 15];
  }
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static inline uint32_t copenssl_crc32c_sse(
    uint32_t crc, const uint8_t *bytes, size_t count) {
  uint64_t wide = crc;
  for (; count >= 8; count -= 8, bytes += 8) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    wide = __builtin_ia32_crc32di(wide, word);
  }
  crc = (uint32_t)wide;
  for (; count > 0; count--, bytes++) crc = __builtin_ia32_crc32qi(crc, *bytes);
  return crc;
}
#endif

static inline uint32_t copenssl_crc32c(const uint8_t *bytes, size_t count) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2")) return ~copenssl_crc32c_sse(~0u, bytes, count);
#endif
  return ~copenssl_crc32c_plain(~0u, bytes, count);
}
