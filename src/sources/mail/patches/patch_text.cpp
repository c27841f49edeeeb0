#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/message_ids.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <charconv>
#include <memory>
#include <sources/mail/message.hpp>
#include <sources/mail/patches/patch_subject.hpp>
#include <sources/mail/patches/patch_text.hpp>

namespace resident::mail {

namespace {

constexpr std::size_t kMostPaths = 5000, kLongestPath = 4096, kMostLinks = 50;

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

// As git's isspace().
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Adds up the hashes of the files, so that their order does not matter (builtin/patch-id.c, flush_one_hunk()).
class StableId {
 public:
  StableId() { buffer_.reserve(kBuffered + kBuffered / 4); }

  void add(std::string_view bytes) {
    buffer_.append(bytes);
    if (buffer_.size() >= kBuffered) update();
  }

  void add_without_blanks(std::string_view line) {
    const std::size_t before = buffer_.size();
    buffer_.resize(before + line.size());
    char* to = buffer_.data() + before;
    for (const char c : line) {
      *to = c;
      to += is_blank(c) ? 0 : 1;
    }
    buffer_.resize(static_cast<std::size_t>(to - buffer_.data()));
    if (buffer_.size() >= kBuffered) update();
  }

  void flush() {
    update();
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    if (EVP_DigestFinal_ex(context(), hash.data(), nullptr) != 1) throw Error("SHA-1 is not there");
    is_begun_ = false;
    unsigned carry = 0;
    for (std::size_t i = 0; i < sum_.size(); ++i) {
      carry += unsigned{sum_[i]} + unsigned{hash[i]};
      sum_[i] = static_cast<unsigned char>(carry);
      carry >>= 8;
    }
  }

  std::string hexadecimal() const {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : sum_) text.append(1, kDigits[byte >> 4U]).append(1, kDigits[byte & 15U]);
    return text;
  }

 private:
  static constexpr std::size_t kBuffered = 4096;

  static EVP_MD_CTX* context() {
    thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                       EVP_MD_CTX_free);
    return context.get();
  }

  void update() {
    // Looked up once: OpenSSL 3 searches its providers at every use of EVP_sha1().
    static const EVP_MD* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
    if (!is_begun_ && (!context() || EVP_DigestInit_ex(context(), sha1, nullptr) != 1))
      throw Error("SHA-1 is not there");
    is_begun_ = true;
    EVP_DigestUpdate(context(), buffer_.data(), buffer_.size());
    buffer_.clear();
  }

  bool is_begun_ = false;
  std::array<unsigned char, 20> sum_{};
  std::string buffer_;
};

// "@@ -1,9 +1,10 @@": lines on both sides; false where it is none.
bool read_hunk_head(std::string_view line, std::int64_t& before, std::int64_t& after) {
  const auto side = [](std::string_view text, std::int64_t& count) {
    const std::size_t end = std::min(text.find_first_of(" \t@"), text.size());
    const std::string_view range = text.substr(0, end);
    const std::size_t comma = range.find(',');
    count = 1;
    if (comma == std::string_view::npos) return !range.empty();
    const std::string_view number = range.substr(comma + 1);
    return std::from_chars(number.data(), number.data() + number.size(), count).ec == std::errc();
  };
  if (!line.starts_with("@@ -")) return false;
  const std::size_t plus = line.find(" +");
  return plus != std::string_view::npos && side(line.substr(4), before) && side(line.substr(plus + 2), after);
}

std::string path_of(std::string_view text) {
  text = text.substr(0, std::min(text.find('\t'), kLongestPath));
  while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return clean_text(text);
}

std::string_view without_side(std::string_view path) {
  if (path.starts_with('"')) return path.size() > 3 ? path.substr(3, path.size() - 4) : std::string_view();
  return path.size() > 2 && path[1] == '/' ? path.substr(2) : path;
}

// Reads a diff from its first line on: its patch-id, files and lines.
class DiffReader {
 public:
  DiffReader(PatchText& patch, bool with_id) : patch_(patch), with_id_(with_id) {}

  void read(std::string_view diff) {
    while (!diff.empty() && line(take_line(diff))) {
    }
    end_file();
    patch_.is_whole = patch_.is_whole && before_ <= 0 && after_ <= 0;
    if (!with_id_) return;
    id_.flush();
    patch_.patch_id = id_.hexadecimal();
  }

 private:
  // false: the diff is over.
  bool line(std::string_view text) {
    if (in_hunk()) {
      // git passes by "\ No newline at end of file".
      if (text.starts_with("\\ ")) return true;
      if (text.empty() || text == "\r") text = " ";  // the blank of an empty line was cut on the way
      if (text[0] != ' ' && text[0] != '-' && text[0] != '+') {
        patch_.is_whole = false;  // wrapped, or cut
        if (text.starts_with("diff ") || text == "-- ") before_ = after_ = 0;
        if (text == "-- ") return false;
        if (text.starts_with("diff ")) return line(text);
      }
      if (text[0] == '-') --before_, ++patch_.deletions;
      if (text[0] == '+') --after_, ++patch_.additions;
      if (text[0] == ' ') --before_, --after_;
      add(text);
      return true;
    }
    if (text.starts_with("\\ ")) return true;
    if (before_ == 0 && after_ == 0) {
      if (read_hunk_head(text, before_, after_)) return true;
      if (!text.starts_with("diff ")) return is_between(text);
      if (with_id_) id_.flush();
      begin_file();
    }
    return header(text);
  }

  bool in_hunk() const { return !in_header_ && !is_binary_ && (before_ > 0 || after_ > 0); }

  // What stands behind the last hunk of a file: another one's "Index:", which git does not write, or the end.
  static bool is_between(std::string_view) { return false; }

  void begin_file() {
    end_file();
    before_ = after_ = -1;
    in_header_ = true;
    is_binary_ = false;
    old_.clear(), new_.clear(), git_path_.clear();
  }

  bool header(std::string_view text) {
    if (is_binary_) {
      if (!text.starts_with("diff ")) return true;
      begin_file();
      git_paths(text);  // git leaves this line out of the hash
      return true;
    }
    if (text.starts_with("diff ")) {
      if (!git_path_.empty() || !new_.empty()) begin_file();
      git_paths(text);
      add(text);
    } else if (text.starts_with("GIT binary patch") || text.starts_with("Binary files")) {
      is_binary_ = true;
      if (with_id_) {
        id_.add(pre_);
        id_.add(post_);
        id_.flush();
      }
    } else if (text.starts_with("index ")) {
      blobs(text.substr(6));
    } else if (text.starts_with("--- ")) {
      old_ = path_of(text.substr(4));
      add(text);
    } else if (text.starts_with("+++ ")) {
      new_ = path_of(text.substr(4));
      in_header_ = false;
      before_ = after_ = 0;
      add(text);
    } else if (!text.empty() && std::isalpha(static_cast<unsigned char>(text[0])) != 0) {
      if (text.starts_with("rename to ")) git_path_ = path_of(text.substr(10));
      add(text);
    } else {
      before_ = after_ = 0;
      return false;
    }
    return true;
  }

  void git_paths(std::string_view text) {
    // "diff --git a/x b/x": of the same path twice, the second half.
    git_path_ = "?";
    if (!text.starts_with("diff --git ")) return;
    const std::string_view both = text.substr(11);
    const std::size_t middle = both.rfind(" b/");
    if (middle != std::string_view::npos) git_path_ = path_of(both.substr(middle + 3));
  }

  void blobs(std::string_view text) {
    const std::size_t points = text.find("..");
    if (points == std::string_view::npos) return;
    pre_ = text.substr(0, points);
    post_ = text.substr(points + 2, std::min(text.find(' ', points), text.size()) - points - 2);
  }

  void end_file() {
    std::string path;
    if (!new_.empty() && new_ != "/dev/null") path = without_side(new_);
    if (path.empty() && !old_.empty() && old_ != "/dev/null") path = without_side(old_);
    if (path.empty() && git_path_ != "?") path = git_path_;
    if (!path.empty() && patch_.paths.size() < kMostPaths &&
        std::find(patch_.paths.begin(), patch_.paths.end(), path) == patch_.paths.end())
      patch_.paths.push_back(std::move(path));
    old_.clear(), new_.clear(), git_path_.clear();
  }

  void add(std::string_view text) {
    if (with_id_) id_.add_without_blanks(text);
  }

  PatchText& patch_;
  bool with_id_;
  StableId id_;
  // As in git: -1 in a file's header, else lines of the hunk that are to come.
  std::int64_t before_ = -1, after_ = -1;
  bool in_header_ = true, is_binary_ = false;
  std::string old_, new_, git_path_, pre_, post_;
};

// Where the diff begins: "diff …", or "--- a" with "+++ b" below it; npos: there is none.
std::size_t find_diff(std::string_view body) {
  for (std::size_t at = 0; at < body.size();) {
    const std::string_view rest = body.substr(at);
    if (rest.starts_with("diff --git ") || rest.starts_with("diff -") || rest.starts_with("Index: ")) {
      // A diff has a hunk, a mode, a rename or a binary soon.
      const std::string_view ahead = rest.substr(0, 2000);
      if (ahead.find("\n@@ -") != std::string_view::npos || ahead.find("\nrename ") != std::string_view::npos ||
          ahead.find("\nnew file") != std::string_view::npos ||
          ahead.find("\ndeleted file") != std::string_view::npos ||
          ahead.find("\nold mode") != std::string_view::npos ||
          ahead.find("\nBinary files") != std::string_view::npos ||
          ahead.find("\nGIT binary") != std::string_view::npos || ahead.find("\nsimilarity") != std::string_view::npos)
        return at;
    } else if (rest.starts_with("--- ") && rest.size() > 5) {
      std::string_view ahead = rest;
      take_line(ahead);
      if (take_line(ahead).starts_with("+++ ") && take_line(ahead).starts_with("@@ -")) return at;
    }
    const std::size_t end = body.find('\n', at);
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  return std::string_view::npos;
}

// Headers of git am inside the body; takes them off.
void take_body_headers(std::string_view& text, PatchText& patch) {
  std::string_view rest = text;
  bool any = false;
  while (!rest.empty()) {
    std::string_view ahead = rest;
    const std::string_view line = take_line(ahead);
    if (trim(line).empty()) {
      if (any) {
        text = ahead;
        return;
      }
      rest = ahead;
      continue;
    }
    const auto value_of = [&](std::string_view name) -> std::string_view {
      return line.size() > name.size() && to_lower(line.substr(0, name.size())) == name ? trim(line.substr(name.size()))
                                                                                        : std::string_view();
    };
    if (const auto from = value_of("from:"); !from.empty() && from.find('@') != std::string_view::npos) {
      if (!patch.author.known()) patch.author = parse_author(from);
    } else if (const auto subject = value_of("subject:"); !subject.empty()) {
      patch.title = parse_patch_subject(subject).title;
    } else if (value_of("date:").empty()) {
      break;
    }
    any = true;
    rest = ahead;
  }
  if (any) text = rest;
}

std::string id_behind(std::string_view line, std::initializer_list<std::string_view> names, std::size_t least) {
  const std::string_view text = trim(line);
  for (const std::string_view name : names) {
    if (!text.starts_with(name)) continue;
    const std::string_view rest = trim(text.substr(name.size()));
    const std::size_t end = std::min(rest.find_first_not_of("0123456789abcdef"), rest.size());
    if (end >= least && end <= 64) return std::string(rest.substr(0, end));
  }
  return {};
}

void read_notes(std::string_view text, PatchText& patch) {
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) continue;
    switch (line[0]) {
      case 'b':
        if (patch.base_commit.empty()) patch.base_commit = id_behind(line, {"base-commit:"}, 7);
        break;
      case 'c':
      case 'C':
        if (line.starts_with("change-id:")) patch.change_id = std::string(trim(line.substr(10)).substr(0, 200));
        break;
      default:
        break;
    }
    // Only lines that speak of a version: others cite what they build on.
    const bool has_id = line.find('@') != std::string_view::npos && patch.linked_ids.size() < kMostLinks;
    if (!has_id) continue;
    static const Pattern version(
        R"((?i)(?:\bv(?:ersion)?[ .]?\d+\b|\brfc\b|previous|\bsupersedes\b|\bprior\b|\bearlier\b|\boriginal\b))");
    if (!version.found_in(line)) continue;
    for (std::string& id : linked_message_ids(line)) patch.linked_ids.push_back(std::move(id));
  }
}

std::string upstream_of(std::string_view message) {
  static const Pattern upstream(
      R"((?im)^\s*(?:\[ *upstream commit ([0-9a-f]{7,64}) *\]|commit ([0-9a-f]{7,64}) upstream\.?|\(cherry picked from commit ([0-9a-f]{7,64})|upstream commit:? ([0-9a-f]{7,64})|\(backported from commit ([0-9a-f]{7,64})))");
  std::array<std::string, 5> found;
  if (!upstream.found_in(message, &found[0], &found[1], &found[2], &found[3], &found[4])) return {};
  for (const std::string& each : found)
    if (!each.empty()) return each;
  return {};
}

}  // namespace

std::string stable_patch_id(std::string_view diff) {
  const std::size_t begin = find_diff(diff);
  if (begin == std::string_view::npos) return {};
  PatchText patch;
  DiffReader(patch, true).read(diff.substr(begin));
  return patch.patch_id;
}

PatchText parse_patch_text(std::string_view body) {
  PatchText patch;
  const std::size_t diff = find_diff(body);
  patch.has_diff = diff != std::string_view::npos;
  const std::string_view before = body.substr(0, diff);
  std::string_view text = before;
  take_body_headers(text, patch);
  // The commit's message ends at a line of three dashes.
  std::size_t end = text.size();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, next - at);
    if (line == "---" || line == "--- " || line == "---\r") {
      end = at;
      break;
    }
    at = next + 1;
  }
  patch.message = std::string(trim(text.substr(0, end)));
  patch.tags = review_tags(patch.message);
  patch.upstream_commit = upstream_of(std::string_view(patch.message).substr(0, 20'000));
  if (patch.has_diff) {
    std::string_view rest = body.substr(diff);
    // Other tools' heads before the diff proper.
    while (rest.starts_with("Index: ") || rest.starts_with("=====")) take_line(rest);
    DiffReader(patch, true).read(rest);
  }
  read_notes(text, patch);
  // "base-commit:" stands below the diff.
  if (patch.has_diff && patch.base_commit.empty())
    if (const std::size_t base = body.rfind("\nbase-commit:"); base != std::string_view::npos)
      patch.base_commit = id_behind(body.substr(base + 1, 100), {"base-commit:"}, 7);
  if (patch.has_diff && patch.change_id.empty())
    if (const std::size_t change = body.rfind("\nchange-id:"); change != std::string_view::npos)
      patch.change_id = std::string(
          trim(body.substr(change + 11, std::min<std::size_t>(body.find('\n', change + 1) - change - 11, 200))));
  return patch;
}

}  // namespace resident::mail
