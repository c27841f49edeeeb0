// subunit v2 (testtools, stestr, oslotest): packets of bytes, each a test's id with a status, or a part of what it
// printed. https://github.com/testing-cabal/subunit, README. A packet that is broken is stepped over to the next
// signature.
#include <algorithm>
#include <array>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <unordered_map>
#include <vector>

namespace resident::ci {

namespace {

using enum Outcome;

constexpr unsigned char kSignature = 0xB3;
constexpr unsigned kVersion = 0x2;
constexpr unsigned kHasTestId = 0x0800, kHasTime = 0x0200, kHasTags = 0x0080, kHasFile = 0x0040, kHasMime = 0x0020;
constexpr std::size_t kLongestPacket = 4U << 20U;

std::uint32_t crc32_of(std::string_view bytes) {
  static const auto table = [] {
    std::array<std::uint32_t, 256> made{};
    for (std::uint32_t n = 0; n < made.size(); ++n) {
      std::uint32_t c = n;
      for (int k = 0; k < 8; ++k) c = (c & 1U) != 0U ? 0xEDB88320U ^ (c >> 1U) : c >> 1U;
      made[n] = c;
    }
    return made;
  }();
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) crc = table[(crc ^ static_cast<unsigned char>(byte)) & 0xFFU] ^ (crc >> 8U);
  return crc ^ 0xFFFFFFFFU;
}

// Reads numbers and strings of one packet; `ok` goes false where they would leave it.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  std::size_t at() const { return at_; }
  std::uint32_t fixed(std::size_t width) {
    std::uint32_t value = 0;
    for (std::size_t n = 0; n < width; ++n) value = value << 8U | byte();
    return value;
  }
  // The first two bits tell how many bytes follow.
  std::uint32_t number() {
    const std::uint32_t first = byte();
    std::uint32_t value = first & 0x3FU;
    for (std::uint32_t more = first >> 6U; more > 0; --more) value = value << 8U | byte();
    return value;
  }
  std::string_view text() {
    const std::size_t length = number();
    if (length > bytes_.size() - std::min(at_, bytes_.size())) {
      ok_ = false;
      return {};
    }
    const std::string_view found = bytes_.substr(at_, length);
    at_ += length;
    return found;
  }

 private:
  unsigned char byte() {
    if (at_ >= bytes_.size()) {
      ok_ = false;
      return 0;
    }
    return static_cast<unsigned char>(bytes_[at_++]);
  }
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

struct Test {
  std::string id, text;
  std::optional<double> begun, ended;
  std::vector<Outcome> outcomes;
  bool is_running = false;
};

class Reader {
 public:
  explicit Reader(TestReport& report) : report_(report), builder_(report) {}

  void packet(std::string_view bytes, unsigned flags, Cursor cursor) {
    std::optional<double> time;
    if ((flags & kHasTime) != 0U) {
      const double seconds = cursor.fixed(4);
      time = seconds + cursor.number() / 1e9;
    }
    std::string_view id;
    if ((flags & kHasTestId) != 0U) id = cursor.text();
    if ((flags & kHasTags) != 0U)
      for (std::uint32_t count = cursor.number(); count > 0 && cursor.ok(); --count) cursor.text();
    if ((flags & kHasMime) != 0U) cursor.text();
    std::string_view content;
    if ((flags & kHasFile) != 0U) {
      cursor.text();
      content = cursor.text();
    }
    (void)bytes;
    if (!cursor.ok() || id.empty()) return;
    const auto [found, is_new] = index_.emplace(std::string(id), tests_.size());
    if (is_new) tests_.push_back({std::string(id), {}, {}, {}, {}, false});
    Test& test = tests_[found->second];
    if (test.text.size() < 4 * kLongestMessage) test.text.append(content);
    status(test, flags & 0x7U, time);
  }

  void finish(std::size_t broken) {
    for (auto& test : tests_) {
      if (test.outcomes.empty()) {
        if (test.is_running) add(test, crash);  // begun, and nothing more
        continue;
      }
      for (const auto each : test.outcomes) add(test, each);
    }
    if (broken > 0) builder_.incomplete(std::to_string(broken) + " bytes are no whole packet");
    number_repeated_names(report_);
  }

 private:
  static constexpr unsigned kRunning = 2, kSuccess = 3, kUnexpected = 4, kSkip = 5, kFail = 6, kExpected = 7;
  static void status(Test& test, unsigned status, std::optional<double> time) {
    if (status == kRunning) {
      test.is_running = true;
      test.begun = time;
      return;
    }
    if (status < kSuccess) return;
    test.is_running = false;
    test.ended = time;
    Outcome outcome = pass;
    if (status == kUnexpected) outcome = xpass;
    if (status == kSkip) outcome = skip;
    if (status == kExpected) outcome = xfail;
    // There is no status for errors: what was thrown stands at the end of the traceback.
    if (status == kFail)
      outcome = has(test.text, "AssertionError") || has(test.text, "MismatchError") || has(test.text, "FailTest")
                    ? fail
                    : error;
    test.outcomes.push_back(outcome);
  }
  void add(const Test& test, Outcome outcome) {
    // "package.module.Class.test", or "setUpClass (package.module.Class)".
    const std::size_t dot =
        test.id.find(' ') == std::string::npos ? test.id.rfind('.', test.id.find('(')) : std::string::npos;
    const std::string suite = dot == std::string::npos ? "" : test.id.substr(0, dot);
    const std::string name = dot == std::string::npos ? test.id : test.id.substr(dot + 1);
    const std::optional<double> seconds =
        test.begun && test.ended ? std::optional(*test.ended - *test.begun) : std::nullopt;
    builder_.attempt(suite, name, outcome, seconds, outcome == pass ? std::string_view() : std::string_view(test.text));
  }
  TestReport& report_;
  ReportBuilder builder_;
  std::vector<Test> tests_;
  std::unordered_map<std::string, std::size_t> index_;
};

bool matches(std::string_view head) {
  return head.size() > 4 && static_cast<unsigned char>(head[0]) == kSignature &&
         static_cast<unsigned char>(head[1]) >> 4U == kVersion;
}

void read(const Input& input, TestReport& report) {
  report.tool = "subunit";
  Reader reader(report);
  std::size_t broken = 0;
  for (std::size_t at = 0; at < input.bytes.size();) {
    const std::string_view rest = input.bytes.substr(at);
    if (!matches(rest)) {
      ++broken;
      ++at;
      continue;
    }
    Cursor cursor(rest);
    cursor.fixed(1);
    const unsigned flags = cursor.fixed(2);
    const std::size_t length = cursor.number();
    const bool fits = cursor.ok() && length >= cursor.at() + 4 && length <= rest.size() && length <= kLongestPacket;
    if (!fits || crc32_of(rest.substr(0, length - 4)) != Cursor(rest.substr(length - 4)).fixed(4)) {
      ++broken;
      ++at;
      continue;
    }
    Cursor body(rest.substr(0, length - 4));
    body.fixed(3);
    body.number();
    reader.packet(rest.substr(0, length), flags, body);
    at += length;
  }
  ReportBuilder(report).cannot_tell({flaky, missing, timeout, error});
  reader.finish(broken);
}

}  // namespace

extern const Format subunit_format;
const Format subunit_format{"subunit", matches, read};

}  // namespace resident::ci
