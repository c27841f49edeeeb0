#include <sys/stat.h>
#include <zlib.h>

#include <algorithm>
#include <base/text.hpp>
#include <cstdint>
#include <cstring>
#include <git/file_changes.hpp>
#include <git/layout.hpp>
#include <git/raw_commit.hpp>
#include <git/reftable.hpp>
#include <optional>
#include <vector>

namespace resident::git {

namespace {

constexpr std::string_view kMagic = "REFT";
constexpr std::size_t kMaxTable = std::size_t{1} << 30, kMaxList = 4'000'000, kMostTables = 10'000;
constexpr std::size_t kLongestName = 65'536;
constexpr std::size_t kFooterPositions = 5 * 8;  // five positions, before the checksum

std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// Takes numbers and bytes off the front; once something is missing, all that follows is.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }

  // As in packs' offsets: each further byte adds one.
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int length = 0; length < 10; ++length) {
      if (bytes_.empty()) break;
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value = length ? ((value + 1) << 7 | (byte & 0x7F)) : (byte & 0x7F);
      if (!(byte & 0x80)) return value;
      if (value > UINT64_MAX >> 8) break;
    }
    ok_ = false;
    return 0;
  }

  std::string_view take(std::uint64_t size) {
    if (!ok_ || size > bytes_.size()) {
      ok_ = false;
      return {};
    }
    const std::string_view taken = bytes_.substr(0, static_cast<std::size_t>(size));
    bytes_.remove_prefix(taken.size());
    return taken;
  }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

std::string hexadecimal(std::string_view id) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : id) {
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

struct Table {
  std::size_t header_size = 0, block_size = 0;
  std::size_t end = 0;  // of what may hold references
};

// Header and footer; the fault, or "".
std::string open_table(std::string_view bytes, std::size_t id_bytes, Table& table) {
  if (bytes.size() < 24 || !bytes.starts_with(kMagic)) return "it is no reftable";
  const auto version = static_cast<unsigned char>(bytes[4]);
  if (version != 1 && version != 2) return "its version " + std::to_string(version) + " is not known";
  table.header_size = version == 1 ? 24 : 28;
  const std::size_t footer_size = table.header_size + kFooterPositions + 4;
  if (bytes.size() < table.header_size + footer_size) return "it is cut short";
  const std::size_t footer = bytes.size() - footer_size;
  if (bytes.substr(0, table.header_size) != bytes.substr(footer, table.header_size))
    return "its end does not belong to its beginning";
  const auto checksum =
      crc32(0, reinterpret_cast<const Bytef*>(bytes.data() + footer), static_cast<uInt>(footer_size - 4));
  if (checksum != big_endian(bytes, bytes.size() - 4, 4)) return "its checksum is wrong";
  // Version 1 is SHA-1's.
  const std::string_view hash = version == 1 ? "sha1" : bytes.substr(24, 4);
  if (hash != (id_bytes == kSha1Bytes ? "sha1" : "s256")) return "its ids are of another kind than the repository's";
  table.block_size = static_cast<std::size_t>(big_endian(bytes, 5, 3));
  table.end = footer;
  for (std::size_t i = 0; i < 5; ++i) {
    std::uint64_t position = big_endian(bytes, footer + table.header_size + 8 * i, 8);
    if (i == 1) position >>= 5;  // of objects, with the length of their ids
    if (position > footer) return "it points beyond its own end";
    if (position > 0) table.end = std::min(table.end, static_cast<std::size_t>(position));
  }
  return {};
}

// The records of one block, without header and restart points.
std::string read_block(std::string_view records, std::size_t id_bytes, const EachReference& each) {
  std::string name;
  for (Reader reader(records); !reader.at_end();) {
    const std::uint64_t prefix = reader.varint(), suffix_and_type = reader.varint();
    const std::string_view suffix = reader.take(suffix_and_type >> 3);
    reader.varint();  // when it was changed, in the stack's own time
    if (!reader.ok() || prefix > name.size() || prefix + suffix.size() > kLongestName)
      return "a name in it cannot be read";
    name.resize(static_cast<std::size_t>(prefix));
    name += suffix;
    std::string value;
    switch (suffix_and_type & 7) {
      case 0:
        break;
      case 1:
        value = hexadecimal(reader.take(id_bytes));
        break;
      case 2:  // an annotated tag, and what it leads to
        value = hexadecimal(reader.take(id_bytes));
        reader.take(id_bytes);
        break;
      case 3:
        value = "ref: " + std::string(reader.take(reader.varint()));
        break;
      default:
        return "a reference in it is of a kind that is not known";
    }
    if (!reader.ok() || name.empty()) return "a reference in it is cut short";
    each(name, value);
  }
  return {};
}

}  // namespace

std::string read_reftable(std::string_view bytes, std::size_t id_bytes, const EachReference& each) {
  Table table;
  if (std::string fault = open_table(bytes, id_bytes, table); !fault.empty()) return fault;
  // A block's length and its restart points count from where it begins; the first begins with the file's header.
  for (std::size_t start = 0; start < table.end;) {
    const std::size_t head = start + (start == 0 ? table.header_size : 0);
    if (head == table.end && start == 0) return {};  // an empty table
    if (table.end - start < head - start + 4) return "a block in it is cut short";
    const char type = bytes[head];
    if (type != 'r') return type == 'g' || type == 'i' || type == 'o' ? "" : "it has a block that is not known";
    const std::size_t length = static_cast<std::size_t>(big_endian(bytes, head + 1, 3));
    const std::size_t records = head + 4;
    if (length > table.end - start || start + length < records + 2) return "a block in it is longer than it";
    const std::size_t end = start + length;
    const std::size_t restarts = 2 + 3 * static_cast<std::size_t>(big_endian(bytes, end - 2, 2));
    if (end - records < restarts) return "a block in it has more restart points than room";
    if (std::string fault = read_block(bytes.substr(records, end - restarts - records), id_bytes, each); !fault.empty())
      return fault;
    // Blocks may be filled up to a common size; one that is not is followed by the next at once.
    const bool is_filled = table.block_size > length && end < table.end && bytes[end] == '\0';
    start = is_filled ? start + table.block_size : end;
  }
  return {};
}

std::map<std::string, std::string> read_reftables(const std::string& folder, std::size_t id_bytes, Problems& problems) {
  constexpr const char* kUnreadable = "unreadable references";
  constexpr int kMostAttempts = 5;
  for (int attempt = 1;; ++attempt) {
    std::map<std::string, std::string> found;
    std::size_t tables = 0;
    bool is_gone = false;
    const std::string list = read_plain_file(folder + "tables.list", kMaxList);
    for (const std::string_view line : split(list, '\n')) {
      const std::string name(trim(line));
      if (name.empty() || ++tables > kMostTables) continue;
      const std::string shown = "reftable/" + path_text(name);
      if (name.find('/') != std::string::npos || name.front() == '.') {
        problems.add(kUnreadable, shown, "is no name of a table: references that only it holds are absent");
        continue;
      }
      struct stat status {};
      if (lstat((folder + name).c_str(), &status) != 0 && attempt < kMostAttempts) {
        is_gone = true;  // compacted meanwhile: what replaces it stands in a new list
        break;
      }
      const std::string bytes = read_plain_file(folder + name, kMaxTable);
      const std::string fault =
          read_reftable(bytes, id_bytes, [&](const std::string& reference, const std::string& value) {
            if (value.empty())
              found.erase(reference);
            else
              found[reference] = value;
          });
      if (!fault.empty())
        problems.add(kUnreadable, shown,
                     (bytes.empty() ? "cannot be read" : fault) + ": references that only it holds are absent");
    }
    if (!is_gone) return found;
  }
}

}  // namespace resident::git
