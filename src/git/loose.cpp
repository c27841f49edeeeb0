#include <sys/stat.h>
#include <zlib.h>

#include <algorithm>
#include <base/text.hpp>
#include <cstdio>
#include <fstream>
#include <git/loose.hpp>
#include <memory>
#include <sstream>

namespace resident::git {

namespace {

constexpr std::uint64_t kMaxObjectBytes = std::uint64_t{1} << 30;
constexpr std::size_t kMaxHeader = 64;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using FileHandle = std::unique_ptr<std::FILE, CloseFile>;

// Inflates a file piece by piece. Each call of read() that gives nothing is the
// end, good or bad.
class Inflater {
 public:
  explicit Inflater(std::FILE* file) : file_(file) { ready_ = inflateInit(&stream_) == Z_OK; }
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  std::size_t read(char* to, std::size_t room) {
    if (!ready_ || ended_ || failed_) return 0;
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(room, 1u << 30));
    const uInt wanted = stream_.avail_out;
    while (stream_.avail_out == wanted) {
      if (!stream_.avail_in) {
        stream_.next_in = input_;
        stream_.avail_in = static_cast<uInt>(std::fread(input_, 1, sizeof input_, file_));
        if (!stream_.avail_in) break;
      }
      const int status = inflate(&stream_, Z_NO_FLUSH);
      ended_ = status == Z_STREAM_END;
      failed_ = !ended_ && status != Z_OK && status != Z_BUF_ERROR;
      if (ended_ || failed_) break;
    }
    if (stream_.avail_out == wanted && !ended_) failed_ = true;  // cut short
    return wanted - stream_.avail_out;
  }
  // The end was reached and the checksum is right.
  bool is_whole() {
    char byte;
    return !failed_ && (ended_ || (read(&byte, 1) == 0 && ended_));
  }

 private:
  std::FILE* file_;
  z_stream stream_{};
  bool ready_, ended_ = false, failed_ = false;
  Bytef input_[16384];
};

LooseObject damaged() {
  LooseObject object;
  object.damaged = true;
  return object;
}

// 'blob 123' before the first NUL.
bool parse_header(std::string_view header, LooseObject& object) {
  const std::size_t space = header.find(' ');
  if (space == std::string_view::npos) return false;
  const auto type = parse_type(header.substr(0, space));
  const std::string_view digits = header.substr(space + 1);
  if (!type || digits.empty() || digits.size() > 18) return false;
  object.type = *type;
  object.size = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
    object.size = object.size * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return true;
}

LooseObject read_object(std::FILE* file, bool header_only) {
  Inflater inflater(file);
  char buffer[kMaxHeader];
  std::size_t length = 0, end = 0;
  while (length < kMaxHeader) {
    const std::size_t more = inflater.read(buffer + length, kMaxHeader - length);
    length += more;
    end = static_cast<std::size_t>(std::find(buffer, buffer + length, '\0') - buffer);
    if (end < length || !more) break;
  }
  LooseObject object;
  if (end >= length || !parse_header({buffer, end}, object)) return damaged();
  if (header_only) return object;
  if (object.size > kMaxObjectBytes) return damaged();
  object.bytes.assign(buffer + end + 1, length - end - 1);
  if (object.bytes.size() > object.size) return damaged();
  // Grows with what is really there: the declared size may be a lie.
  while (object.bytes.size() < object.size) {
    const std::size_t had = object.bytes.size();
    const std::size_t room = std::min<std::uint64_t>(object.size - had, std::max<std::size_t>(had, 65536));
    object.bytes.resize(had + room);
    const std::size_t more = inflater.read(object.bytes.data() + had, room);
    object.bytes.resize(had + more);
    if (!more) return damaged();
  }
  return inflater.is_whole() ? object : damaged();
}

}  // namespace

std::optional<ObjectType> parse_type(std::string_view name) {
  if (name == "commit") return ObjectType::commit;
  if (name == "tree") return ObjectType::tree;
  if (name == "blob") return ObjectType::blob;
  if (name == "tag") return ObjectType::tag;
  return std::nullopt;
}

LooseObjects::LooseObjects(const std::string& objects_folder) {
  add_folder(objects_folder, 0);
  for (int prefix = 0; prefix < 256; ++prefix) {
    const char name[] = {'/', "0123456789abcdef"[prefix / 16], "0123456789abcdef"[prefix % 16], 0};
    for (const std::string& folder : folders_) {
      struct stat status {};
      has_prefix_[prefix] = has_prefix_[prefix] || stat((folder + name).c_str(), &status) == 0;
    }
  }
}

void LooseObjects::add_folder(const std::string& folder, int depth) {
  // git follows five alternates, too.
  if (depth > 5 || folders_.size() > 100 || std::find(folders_.begin(), folders_.end(), folder) != folders_.end())
    return;
  folders_.push_back(folder);
  std::ifstream file(folder + "/info/alternates", std::ios::binary);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#' || line.size() > 4096) continue;
    while (line.size() > 1 && line.back() == '/') line.pop_back();
    add_folder(line[0] == '/' ? line : folder + "/" + line, depth + 1);
  }
}

std::optional<LooseObject> LooseObjects::read(const ObjectId& id, bool header_only) const {
  const std::string name = to_hexadecimal(id);
  std::optional<LooseObject> result;
  for (const std::string& folder : folders_) {
    const std::string path = folder + "/" + name.substr(0, 2) + "/" + name.substr(2);
    struct stat status {};
    // A pipe would keep its reader waiting for ever.
    if (stat(path.c_str(), &status) != 0) continue;
    if (!S_ISREG(status.st_mode)) {
      if (!result) result = damaged();
      continue;
    }
    const FileHandle file(std::fopen(path.c_str(), "rb"));
    if (!file) continue;
    result = read_object(file.get(), header_only);
    if (!result->damaged) break;
  }
  return result;
}

}  // namespace resident::git
