#include <fcntl.h>
#include <libdeflate.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <git/pack.hpp>

namespace resident::git {

namespace {

constexpr std::uint64_t kMaxEntryBytes = std::uint64_t{1} << 30;
constexpr std::size_t kFanout = 256 * 4;

std::uint32_t big_endian(const unsigned char* at) {
  return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | at[3];
}

struct Decompressor {
  libdeflate_decompressor* handle = libdeflate_alloc_decompressor();
  ~Decompressor() { libdeflate_free_decompressor(handle); }
};

}  // namespace

MappedFile::MappedFile(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  struct stat status {};
  if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
    void* mapped = mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_PRIVATE, file, 0);
    if (mapped != MAP_FAILED) {
      data_ = static_cast<const unsigned char*>(mapped);
      size_ = static_cast<std::size_t>(status.st_size);
    }
  }
  close(file);
}

MappedFile::~MappedFile() {
  if (data_) munmap(const_cast<unsigned char*>(data_), size_);
}

Pack::Pack(const std::string& path, std::size_t id_bytes)
    : path_(path + ".pack"), id_bytes_(id_bytes), index_(path + ".idx"), data_(path_) {}

std::unique_ptr<Pack> Pack::open(const std::string& index_path, std::size_t id_bytes, std::string& fault) {
  std::unique_ptr<Pack> pack(new Pack(index_path.substr(0, index_path.size() - 4), id_bytes));
  fault = pack->read_index();
  return fault.empty() ? std::move(pack) : nullptr;
}

// An empty text if all is well.
std::string Pack::read_index() {
  if (!index_.data()) return "its index cannot be read";
  if (!data_.data()) return "cannot be read";
  static constexpr unsigned char kMagic[] = {0xFF, 't', 'O', 'c'};
  const bool is_new = index_.size() >= 8 && std::memcmp(index_.data(), kMagic, 4) == 0;
  version_ = is_new ? static_cast<int>(big_endian(index_.data() + 4)) : 1;
  if (version_ > 2 || version_ < 1) return "its index has an unknown version";
  const std::size_t header = is_new ? 8 : 0;
  if (index_.size() < header + kFanout + 2 * id_bytes_) return "its index is cut short";
  std::uint32_t last = 0;
  for (int i = 0; i < 256; ++i) {
    const std::uint32_t upto = big_endian(index_.data() + header + static_cast<std::size_t>(i) * 4);
    if (upto < last) return "its index is damaged";
    last = upto;
  }
  count_ = last;
  const std::uint64_t entry = is_new ? id_bytes_ + 8 : id_bytes_ + 4;
  if (index_.size() < header + kFanout + count_ * entry + 2 * id_bytes_) return "its index is cut short";
  if (data_.size() < 12 + id_bytes_ || std::memcmp(data_.data(), "PACK", 4) != 0) return "it does not begin as a pack";
  const std::uint32_t version = big_endian(data_.data() + 4);
  if (version != 2 && version != 3) return "it has an unknown version";
  return {};
}

std::optional<std::uint64_t> Pack::offset_of(std::uint32_t position) const {
  if (version_ == 1) return big_endian(index_.data() + kFanout + std::size_t{position} * (id_bytes_ + 4));
  const unsigned char* offsets = index_.data() + 8 + kFanout + std::size_t{count_} * (id_bytes_ + 4);
  const std::uint32_t offset = big_endian(offsets + std::size_t{position} * 4);
  if (!(offset & 0x80000000)) return offset;
  const std::uint64_t large = 8 + kFanout + std::uint64_t{count_} * (id_bytes_ + 8) + (offset & 0x7FFFFFFF) * 8ull;
  if (large + 8 + 2 * id_bytes_ > index_.size()) return std::nullopt;
  const unsigned char* at = index_.data() + large;
  return std::uint64_t{big_endian(at)} << 32 | big_endian(at + 4);
}

std::optional<std::uint64_t> Pack::find(const ObjectId& id) const {
  const std::size_t header = version_ == 1 ? 0 : 8;
  const unsigned char* fanout = index_.data() + header;
  std::uint32_t low = id[0] ? big_endian(fanout + (id[0] - 1u) * 4) : 0, high = big_endian(fanout + id[0] * 4u);
  const std::size_t stride = version_ == 1 ? id_bytes_ + 4 : id_bytes_;
  const unsigned char* ids = fanout + kFanout + (version_ == 1 ? 4 : 0);
  // Ids are spread evenly, so the place can be guessed; then the search closes in
  // from there, in growing steps.
  const std::uint64_t share =
      std::uint64_t{id[1]} << 24 | std::uint64_t{id[2]} << 16 | std::uint64_t{id[3]} << 8 | id[4];
  std::uint32_t middle = low + static_cast<std::uint32_t>(share * (high - low) >> 32);
  for (std::uint32_t step = 4; low < high; step *= 4) {
    const int order = std::memcmp(ids + middle * stride, id.data(), id_bytes_);
    if (order == 0) return offset_of(middle);
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
    const std::uint32_t left = high - low;
    if (left <= step)
      middle = low + left / 2;
    else
      middle = order < 0 ? low + step - 1 : high - step;
  }
  return std::nullopt;
}

std::optional<Pack::Entry> Pack::entry(std::uint64_t offset, std::string& fault) const {
  const std::uint64_t end = data_.size() - id_bytes_;
  const auto damaged = [&](const char* why) {
    fault = why;
    return std::nullopt;
  };
  if (offset < 12 || offset >= end) return damaged("its place is outside of the pack");
  std::uint64_t at = offset;
  unsigned char byte = data_.data()[at++];
  const int kind = byte >> 4 & 7;
  Entry entry;
  entry.size = byte & 15;
  for (int shift = 4; byte & 0x80; shift += 7) {
    if (at >= end || shift > 57) return damaged("its header is damaged");
    byte = data_.data()[at++];
    entry.size |= std::uint64_t{byte & 0x7Fu} << shift;
  }
  if (entry.size > kMaxEntryBytes) return damaged("it is larger than 1 GB");
  switch (kind) {
    case 1:
      entry.type = ObjectType::commit;
      break;
    case 2:
      entry.type = ObjectType::tree;
      break;
    case 3:
      entry.type = ObjectType::blob;
      break;
    case 4:
      entry.type = ObjectType::tag;
      break;
    case 6: {
      std::uint64_t back = 0;
      for (int i = 0;; ++i) {
        if (at >= end || i > 8) return damaged("its header is damaged");
        byte = data_.data()[at++];
        back = back << 7 | (byte & 0x7F);
        if (!(byte & 0x80)) break;
        ++back;
      }
      if (back == 0 || back > offset - 12) return damaged("the base of its delta is outside of the pack");
      entry.base = offset - back;
      break;
    }
    case 7: {
      if (end - at < id_bytes_) return damaged("its header is damaged");
      ObjectId base{};
      std::memcpy(base.data(), data_.data() + at, id_bytes_);
      at += id_bytes_;
      const auto found = find(base);
      if (!found || *found == offset) return damaged("the base of its delta is missing");
      entry.base = *found;
      break;
    }
    default:
      return damaged("its header is damaged");
  }
  entry.data = at;
  return entry;
}

bool Pack::inflate(const Entry& entry, char* to) const {
  thread_local Decompressor decompressor;
  std::size_t read = 0, written = 0;
  const std::size_t available = data_.size() - id_bytes_ - entry.data;
  char nothing;
  const auto status = libdeflate_zlib_decompress_ex(decompressor.handle, data_.data() + entry.data, available,
                                                    entry.size ? to : &nothing, entry.size, &read, &written);
  return status == LIBDEFLATE_SUCCESS && written == entry.size;
}

std::vector<Pack::Located> Pack::leading_commits() const {
  // Far fewer others in a row than this stand between commits.
  constexpr std::size_t kOthersInARow = 20'000;
  struct Place {
    std::uint64_t offset;
    std::uint32_t position;
  };
  std::vector<Place> places;
  places.reserve(count_);
  for (std::uint32_t i = 0; i < count_; ++i)
    if (const auto offset = offset_of(i)) places.push_back({*offset, i});
  const auto before = [](const Place& a, const Place& b) { return a.offset < b.offset; };
  std::vector<Located> result;
  const std::size_t stride = version_ == 1 ? id_bytes_ + 4 : id_bytes_;
  const unsigned char* ids = index_.data() + (version_ == 1 ? 4 : 8) + kFanout;
  std::size_t others = 0;
  for (std::size_t begin = 0; begin < places.size() && others < kOthersInARow;) {
    // Only as many as are looked at are put in order.
    const std::size_t end = std::min(places.size(), begin + std::max<std::size_t>(places.size() / 6, 4096));
    const auto first = places.begin() + static_cast<std::ptrdiff_t>(begin),
               last = places.begin() + static_cast<std::ptrdiff_t>(end);
    if (end < places.size()) std::nth_element(first, last, places.end(), before);
    std::sort(first, last, before);
    for (; begin < end && others < kOthersInARow; ++begin) {
      const std::uint64_t offset = places[begin].offset;
      const bool is_inside = offset >= 12 && offset < data_.size() - id_bytes_;
      if (!is_inside || (data_.data()[offset] >> 4 & 7) != 1) {
        ++others;
        continue;
      }
      others = 0;
      ObjectId id{};
      std::memcpy(id.data(), ids + places[begin].position * stride, id_bytes_);
      result.push_back({id, offset});
    }
  }
  return result;
}

void Pack::release() const {
  madvise(const_cast<unsigned char*>(data_.data()), data_.size(), MADV_DONTNEED);
}

DeltaReader::DeltaReader(std::string_view delta)
    : at_(reinterpret_cast<const unsigned char*>(delta.data())), end_(at_ + delta.size()) {
  base_size_ = take_size();
  result_size_ = take_size();
}

std::uint64_t DeltaReader::take_size() {
  std::uint64_t size = 0;
  for (int shift = 0; shift < 57; shift += 7) {
    if (at_ == end_) break;
    const unsigned char byte = *at_++;
    size |= std::uint64_t{byte & 0x7Fu} << shift;
    if (!(byte & 0x80)) return size;
  }
  ok_ = false;
  return 0;
}

bool DeltaReader::next(Step& step) {
  if (at_ == end_ || !ok_) return false;
  const unsigned char command = *at_++;
  if (command & 0x80) {
    step.is_copy = true;
    step.offset = step.length = 0;
    for (int i = 0; i < 7; ++i) {
      if (!(command >> i & 1)) continue;
      if (at_ == end_) return ok_ = false;
      const std::uint64_t byte = *at_++;
      if (i < 4)
        step.offset |= byte << 8 * i;
      else
        step.length |= byte << 8 * (i - 4);
    }
    if (!step.length) step.length = 0x10000;
    if (step.offset + step.length > base_size_) return ok_ = false;
    return true;
  }
  if (!command || static_cast<std::size_t>(end_ - at_) < command) return ok_ = false;
  step.is_copy = false;
  step.bytes = {reinterpret_cast<const char*>(at_), command};
  at_ += command;
  return true;
}

}  // namespace resident::git
