#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <git/line_file.hpp>

namespace resident::git {

namespace {

constexpr std::size_t kArenaBytes = std::size_t{1} << 20;
constexpr std::size_t kBinaryBytes = 8000;
constexpr std::size_t kLongestChain = 100'000;
constexpr std::uint64_t kLargest = 100'000'000;

}  // namespace

bool is_binary(std::string_view content) {
  return !content.empty() && std::memchr(content.data(), 0, std::min(content.size(), kBinaryBytes)) != nullptr;
}

LineTable::LineTable() {
  clear();
}

void LineTable::clear() {
  lines_.clear();
  lines_.shrink_to_fit();
  slots_.assign(1024, {});
  slots_.shrink_to_fit();
  arena_.clear();
  arena_left_ = arena_bytes_ = 0;
}

const char* LineTable::keep(std::string_view line) {
  if (line.size() > arena_left_) {
    const std::size_t room = std::max(kArenaBytes, line.size());
    arena_.emplace_back(new char[room]);
    arena_at_ = arena_.back().get();
    arena_left_ = room;
    arena_bytes_ += room;
  }
  char* at = arena_at_;
  std::memcpy(at, line.data(), line.size());
  arena_at_ += line.size();
  arena_left_ -= line.size();
  return at;
}

void LineTable::grow() {
  std::vector<Slot> slots(slots_.size() * 2);
  const std::size_t mask = slots.size() - 1;
  for (const Slot& each : slots_) {
    if (!each.line) continue;
    // The tag is the low half of the hash, enough for four billion slots.
    std::size_t at = each.tag & mask;
    while (slots[at].line) at = (at + 1) & mask;
    slots[at] = each;
  }
  slots_ = std::move(slots);
}

LineNumber LineTable::number_of(std::string_view line) {
  const auto tag = static_cast<std::uint32_t>(XXH3_64bits(line.data(), line.size()));
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = tag & mask;
  for (; slots_[at].line; at = (at + 1) & mask) {
    if (slots_[at].tag != tag) continue;
    const Line& known = lines_[slots_[at].line - 1];
    if ((known.length & ~Line::kNul) == line.size() && std::memcmp(known.text, line.data(), line.size()) == 0)
      return slots_[at].line - 1;
  }
  const auto number = static_cast<LineNumber>(lines_.size());
  const bool has_nul = std::memchr(line.data(), 0, line.size()) != nullptr;
  lines_.push_back({keep(line), static_cast<std::uint32_t>(line.size()) | (has_nul ? Line::kNul : 0), 0});
  slots_[at] = {tag, number + 1};
  if (lines_.size() * 2 > slots_.size()) grow();
  return number;
}

// Puts a file together from pieces: bytes, and ranges of another file's lines.
class LineBuilder {
 public:
  // Room for that many lines; more are taken, too.
  LineBuilder(LineTable& table, std::size_t room) : table_(table) { reserve(room + 1); }

  void add(std::string_view bytes) {
    while (!bytes.empty()) {
      const void* end = std::memchr(bytes.data(), '\n', bytes.size());
      if (!end) {
        partial_.append(bytes);
        return;
      }
      const std::size_t length = static_cast<std::size_t>(static_cast<const char*>(end) - bytes.data()) + 1;
      if (partial_.empty()) {
        finish(bytes.substr(0, length));
      } else {
        partial_.append(bytes.substr(0, length));
        finish(partial_);
        partial_.clear();
      }
      bytes.remove_prefix(length);
    }
  }

  // Bytes [from, from + length) of a file.
  void copy(const LineFile& base, std::uint64_t from, std::uint64_t length) {
    const std::uint32_t* starts = base.starts();
    const LineNumber* lines = base.lines();
    const std::uint64_t to = from + length;
    std::size_t line = static_cast<std::size_t>(std::upper_bound(starts, starts + base.size() + 1, from) - starts) - 1;
    may_have_nul_ = may_have_nul_ || base.may_have_nul_;
    if (line < base.size() && (starts[line] != from || !partial_.empty())) {
      const std::uint64_t end = std::min<std::uint64_t>(to, starts[line + 1]);
      add(table_.text(lines[line]).substr(from - starts[line], end - from));
      from = end;
      ++line;
    }
    if (from >= to) return;
    // Whole lines, but for a last one without its line feed, which may go on.
    std::size_t end =
        static_cast<std::size_t>(std::upper_bound(starts + line, starts + base.size() + 1, to) - starts) - 1;
    if (end > line && end == base.size() && table_.text(lines[end - 1]).back() != '\n') --end;
    if (end > line) {
      const std::size_t more = end - line;
      if (count_ + more > room_) reserve(count_ + more);
      std::memcpy(words_.get() + lines_at_ + count_, lines + line, more * sizeof(LineNumber));
      const auto shift = static_cast<std::uint32_t>(size_ - starts[line]);
      std::uint32_t* out = words_.get() + count_;
      const std::uint32_t* in = starts + line;
      for (std::size_t i = 0; i < more; ++i) out[i] = in[i] + shift;
      count_ += more;
      size_ += starts[end] - starts[line];
    }
    if (starts[end] < to) partial_.append(table_.text(lines[end]).substr(0, to - starts[end]));
  }

  std::uint64_t size() const { return size_ + partial_.size(); }

  LineFilePointer build() {
    if (!partial_.empty()) finish(partial_);
    auto file = std::make_shared<LineFile>();
    // What was not needed of the room goes back where it is much.
    if (room_ - count_ > count_ / 4 + 64) resize(count_);
    words_[count_] = static_cast<std::uint32_t>(size_);
    file->words_ = std::move(words_);
    file->count_ = count_;
    file->lines_at_ = lines_at_;
    file->may_have_nul_ = may_have_nul_;
    if (may_have_nul_) {
      for (std::size_t i = 0; i < count_ && file->starts()[i] < kBinaryBytes && !file->is_binary_; ++i)
        if (table_.has_nul(file->lines()[i]))
          file->is_binary_ = table_.text(file->lines()[i]).substr(0, kBinaryBytes - file->starts()[i]).find('\0') !=
                             std::string_view::npos;
    }
    return file;
  }

 private:
  void reserve(std::size_t room) { resize(std::max(room, room_ + room_ / 2 + 16)); }

  void resize(std::size_t room) {
    std::unique_ptr<std::uint32_t[]> words(new std::uint32_t[2 * room + 1]);
    if (count_) {
      std::memcpy(words.get(), words_.get(), count_ * sizeof(std::uint32_t));
      std::memcpy(words.get() + room + 1, words_.get() + lines_at_, count_ * sizeof(LineNumber));
    }
    words_ = std::move(words);
    room_ = room;
    lines_at_ = room + 1;
  }

  void finish(std::string_view line) {
    const LineNumber number = table_.number_of(line);
    may_have_nul_ = may_have_nul_ || table_.has_nul(number);
    if (count_ == room_) reserve(count_ + 1);
    words_[count_] = static_cast<std::uint32_t>(size_);
    words_[lines_at_ + count_] = number;
    ++count_;
    size_ += line.size();
  }

  LineTable& table_;
  std::unique_ptr<std::uint32_t[]> words_;
  std::size_t count_ = 0, room_ = 0, lines_at_ = 1;
  std::string partial_;
  std::uint64_t size_ = 0;
  bool may_have_nul_ = false;
};

LineStore::LineStore(ObjectFolders& folders, std::size_t cache_bytes, std::size_t table_bytes)
    : folders_(folders), cache_limit_(cache_bytes), table_limit_(table_bytes) {}

void LineStore::clear_beyond(std::size_t bytes) {
  if (table_.bytes() <= bytes) return;
  index_.clear();
  cached_.clear();
  cached_bytes_ = 0;
  table_.clear();
}

LineFilePointer LineStore::cached(std::uint64_t key) {
  const auto found = index_.find(key);
  if (found == index_.end()) return nullptr;
  cached_.splice(cached_.begin(), cached_, found->second);
  return found->second->file;
}

void LineStore::keep(std::uint64_t key, const LineFilePointer& file) {
  if (file->memory() > cache_limit_ / 4) return;
  cached_.push_front({key, file});
  index_[key] = cached_.begin();
  cached_bytes_ += file->memory();
  while (cached_bytes_ > cache_limit_) {
    cached_bytes_ -= cached_.back().file->memory();
    index_.erase(cached_.back().key);
    cached_.pop_back();
  }
}

LineFilePointer LineStore::from_text(std::string_view text) {
  if (is_binary(text)) {
    auto file = std::make_shared<LineFile>();
    file->is_raw_ = file->is_binary_ = file->may_have_nul_ = true;
    file->raw_ = text;
    file->words_.reset(new std::uint32_t[1]{0});
    return file;
  }
  LineBuilder builder(table_, static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')));
  builder.add(text);
  return builder.build();
}

std::string LineStore::text(const LineFile& file) const {
  if (file.is_raw_) return file.raw_;
  std::string result;
  result.reserve(file.bytes());
  for (std::size_t i = 0; i < file.size(); ++i) result += table_.text(file.lines()[i]);
  return result;
}

bool LineStore::is_too_large(std::uint64_t size) {
  if (size <= kLargest) return false;
  last_size_ = size;
  last_fault_ = "over 100 MB";
  return true;
}

// Null where the delta is damaged.
LineFilePointer LineStore::apply(const LineFile& base, std::string_view delta) {
  DeltaReader reader(delta);
  last_fault_ = "damaged";
  if (!reader.ok() || reader.base_size() != base.bytes() || is_too_large(reader.result_size())) return nullptr;
  if (base.is_raw_) {
    std::string text;
    text.reserve(reader.result_size());
    for (DeltaReader::Step step; reader.next(step) && text.size() <= reader.result_size();)
      text += step.is_copy ? std::string_view(base.raw_).substr(step.offset, step.length) : step.bytes;
    if (!reader.ok() || text.size() != reader.result_size()) return nullptr;
    return from_text(text);
  }
  LineBuilder builder(table_, base.size() + static_cast<std::size_t>(std::count(delta.begin(), delta.end(), '\n')));
  for (DeltaReader::Step step; reader.next(step) && builder.size() <= reader.result_size();) {
    if (step.is_copy)
      builder.copy(base, step.offset, step.length);
    else
      builder.add(step.bytes);
  }
  if (!reader.ok() || builder.size() != reader.result_size()) return nullptr;
  return builder.build();
}

LineFilePointer LineStore::unpack(const ObjectFolders::Place& place) {
  struct Delta {
    std::uint64_t key;
    Pack::Entry entry;
  };
  const Pack& pack = *place.pack;
  std::vector<Delta> chain;
  ObjectFolders::Place at = place;
  LineFilePointer file;
  const auto inflate = [&](const Pack::Entry& entry) -> bool {
    if (buffer_.size() < entry.size + 1) buffer_.resize(entry.size + entry.size / 2 + 4096);
    folders_.touched(entry.size / 2);
    last_fault_ = "damaged";
    return pack.inflate(entry, buffer_.data());
  };
  while (!(file = cached(at.key()))) {
    const auto entry = pack.entry(at.offset, last_fault_);
    if (!entry) return nullptr;
    if (entry->type) {
      if (*entry->type != ObjectType::blob) {
        last_fault_ = "of another type than expected";
        return nullptr;
      }
      if (is_too_large(entry->size) || !inflate(*entry)) return nullptr;
      file = from_text({buffer_.data(), entry->size});
      keep(at.key(), file);
      break;
    }
    chain.push_back({at.key(), *entry});
    if (chain.size() > kLongestChain) {
      last_fault_ = "damaged: its delta never ends";
      return nullptr;
    }
    at.offset = entry->base;
  }
  for (; !chain.empty(); chain.pop_back()) {
    const Delta& step = chain.back();
    if (!inflate(step.entry) || !(file = apply(*file, {buffer_.data(), step.entry.size}))) return nullptr;
    keep(step.key, file);
  }
  return file;
}

LineFilePointer LineStore::read(const ObjectId& original) {
  const ObjectId& blob = folders_.replaced(original);
  last_size_ = 0;
  if (const auto place = folders_.find(blob)) {
    if (auto file = unpack(*place)) return file;
    for (const auto& other : folders_.find_all(blob))
      if (other.key() != place->key())
        if (auto file = unpack(other)) return file;
  }
  // Loose, or damaged in the pack and whole elsewhere, or just moved to a new pack.
  const std::string fault = last_fault_;
  const auto header = folders_.loose().read(blob, true);
  if (header && is_too_large(header->size)) return nullptr;
  const auto object = header ? folders_.loose().read(blob) : std::nullopt;
  if (!object) {
    if (!folders_.find(blob)) {
      last_fault_ = "missing";
      if (folders_.refresh())
        if (const auto place = folders_.find(blob)) return unpack(*place);
    } else {
      last_fault_ = fault;
    }
    return nullptr;
  }
  if (object->damaged || object->type != ObjectType::blob) {
    last_fault_ = object->damaged ? "damaged" : "of another type than expected";
    return nullptr;
  }
  return from_text(object->bytes);
}

}  // namespace resident::git
