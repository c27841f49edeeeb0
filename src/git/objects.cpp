#include <algorithm>
#include <filesystem>
#include <git/objects.hpp>

namespace resident::git {

namespace {

constexpr std::size_t kLargestCached = std::size_t{4} << 20;
constexpr std::size_t kOverhead = 150;  // of one entry
constexpr std::size_t kLongestChain = 100'000;

std::unique_ptr<char[]> room_for(std::size_t size) {
  return std::unique_ptr<char[]>(new char[size + 1]);
}

}  // namespace

ObjectFolders::ObjectFolders(const std::string& objects, std::size_t id_bytes, Problems& problems)
    : loose_(objects), id_bytes_(id_bytes), problems_(problems) {
  versions_.push_back(std::make_unique<const Packs>());
  packs_ = versions_.back().get();
  refresh();
}

ObjectFolders::~ObjectFolders() = default;

bool ObjectFolders::refresh() {
  const std::lock_guard lock(mutex_);
  const Packs& known = *packs_.load();
  std::vector<std::string> names;
  for (const std::string& folder : loose_.folders()) {
    std::error_code error;
    for (std::filesystem::directory_iterator file(folder + "/pack", error), end; !error && file != end;
         file.increment(error)) {
      const std::string name = file->path().string();
      if (!name.ends_with(".idx")) continue;
      const std::string pack = name.substr(0, name.size() - 4) + ".pack";
      if (std::none_of(known.begin(), known.end(), [&](const auto& each) { return each->path() == pack; }))
        names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  auto packs = std::make_unique<Packs>(known);
  for (const std::string& name : names) {
    std::string fault;
    if (std::shared_ptr<const Pack> pack = Pack::open(name, id_bytes_, fault))
      packs->push_back(std::move(pack));
    else
      problems_.add("unreadable packs", std::filesystem::path(name).filename().string(),
                    "the pack is left out: " + fault + "; what only it holds is missing");
  }
  if (packs->size() == known.size()) return false;
  versions_.push_back(std::move(packs));
  packs_ = versions_.back().get();
  return true;
}

std::optional<ObjectFolders::Place> ObjectFolders::find(const ObjectId& id) const {
  const Packs& packs = *packs_.load(std::memory_order_acquire);
  const std::size_t latest = latest_.load(std::memory_order_relaxed);
  for (std::size_t i = 0; i < packs.size(); ++i) {
    // The one that had the last object goes first.
    const std::size_t number = i == 0 ? std::min(latest, packs.size() - 1) : i <= latest ? i - 1 : i;
    if (number >= packs.size()) continue;
    if (const auto offset = packs[number]->find(id)) {
      if (number != latest) latest_.store(number, std::memory_order_relaxed);
      return Place{packs[number].get(), static_cast<std::uint32_t>(number), *offset};
    }
  }
  return std::nullopt;
}

std::vector<ObjectFolders::Place> ObjectFolders::find_all(const ObjectId& id) const {
  std::vector<Place> places;
  const Packs& packs = *packs_.load(std::memory_order_acquire);
  for (std::size_t number = 0; number < packs.size(); ++number)
    if (const auto offset = packs[number]->find(id))
      places.push_back({packs[number].get(), static_cast<std::uint32_t>(number), *offset});
  return places;
}

void ObjectFolders::touched(std::size_t bytes) const {
  // A page comes with its neighbours: up to 64 kB are mapped at a touch.
  const std::size_t total = touched_.fetch_add(bytes + 16384, std::memory_order_relaxed);
  if (total < mapped_bytes_) return;
  touched_ = 0;
  for (const auto& pack : *packs_.load()) pack->release();
}

ObjectPointer ObjectStore::cached(std::uint64_t key) {
  const auto found = index_.find(key);
  if (found == index_.end()) return nullptr;
  cached_.splice(cached_.begin(), cached_, found->second);
  return found->second->object;
}

void ObjectStore::keep(std::uint64_t key, const ObjectPointer& object) {
  const std::size_t size = object->bytes().size();
  if (size > kLargestCached) return;
  cached_.push_front({key, object});
  index_[key] = cached_.begin();
  cached_bytes_ += size + kOverhead;
  while (cached_bytes_ > cache_limit_) {
    cached_bytes_ -= cached_.back().object->bytes().size() + kOverhead;
    index_.erase(cached_.back().key);
    cached_.pop_back();
  }
}

ObjectPointer ObjectStore::unpack(const ObjectFolders::Place& place) {
  struct Delta {
    std::uint64_t key;
    Pack::Entry entry;
  };
  thread_local std::vector<Delta> chain;
  chain.clear();
  const Pack& pack = *place.pack;
  ObjectFolders::Place at = place;
  ObjectPointer object;
  for (;;) {
    if ((object = cached(at.key()))) break;
    const auto entry = pack.entry(at.offset, last_fault_);
    if (!entry) return nullptr;
    if (entry->type) {
      auto bytes = room_for(entry->size);
      if (!pack.inflate(*entry, bytes.get())) {
        last_fault_ = "damaged";
        return nullptr;
      }
      folders_.touched(entry->size / 3);
      object = std::make_shared<const Object>(*entry->type, std::move(bytes), entry->size);
      if (object->type() != ObjectType::commit || !chain.empty()) keep(at.key(), object);
      break;
    }
    chain.push_back({at.key(), *entry});
    if (chain.size() > kLongestChain) {
      last_fault_ = "damaged: its delta never ends";
      return nullptr;
    }
    at.offset = entry->base;
  }
  thread_local std::vector<char> delta;
  for (; !chain.empty(); chain.pop_back()) {
    const Delta& step = chain.back();
    if (delta.size() < step.entry.size) delta.resize(step.entry.size * 2);
    if (!pack.inflate(step.entry, delta.data())) {
      last_fault_ = "damaged";
      return nullptr;
    }
    folders_.touched(step.entry.size);
    DeltaReader reader({delta.data(), step.entry.size});
    const std::string_view base = object->bytes();
    constexpr std::uint64_t kLargest = std::uint64_t{1} << 30;
    if (!reader.ok() || reader.base_size() != base.size() || reader.result_size() > kLargest) {
      last_fault_ = "damaged";
      return nullptr;
    }
    auto bytes = room_for(reader.result_size());
    std::size_t written = 0;
    for (DeltaReader::Step piece; reader.next(piece);) {
      const std::string_view from = piece.is_copy ? base.substr(piece.offset, piece.length) : piece.bytes;
      if (from.size() > reader.result_size() - written) {
        written = reader.result_size() + 1;
        break;
      }
      std::memcpy(bytes.get() + written, from.data(), from.size());
      written += from.size();
    }
    if (!reader.ok() || written != reader.result_size()) {
      last_fault_ = "damaged";
      return nullptr;
    }
    object = std::make_shared<const Object>(object->type(), std::move(bytes), written);
    keep(step.key, object);
  }
  return object;
}

ObjectPointer ObjectStore::read_loose(const ObjectId& id, bool& found) {
  auto object = folders_.loose().read(id);
  found = object.has_value();
  if (!found) return nullptr;
  if (object->damaged) {
    last_fault_ = "damaged";
    return nullptr;
  }
  auto bytes = room_for(object->bytes.size());
  std::memcpy(bytes.get(), object->bytes.data(), object->bytes.size());
  return std::make_shared<const Object>(object->type, std::move(bytes), object->bytes.size());
}

ObjectPointer ObjectStore::read(const ObjectId& original, ObjectType type) {
  const ObjectId& id = folders_.replaced(original);
  // Loose objects stand in the cache under a key that no pack has.
  std::uint64_t loose_key;
  std::memcpy(&loose_key, id.data(), sizeof loose_key);
  loose_key |= std::uint64_t{1} << 63;
  ObjectPointer object;
  auto place = folders_.find(id);
  if (place) {
    object = unpack(*place);
    if (!object)
      for (const auto& other : folders_.find_all(id))
        if (!object && other.key() != place->key()) object = unpack(other);
  } else if (!faulty_.empty() && faulty_.contains(id)) {
    last_fault_ = faulty_.at(id);
    return nullptr;
  }
  if (!object) {
    bool is_loose = false;
    const std::string fault = last_fault_;
    if (!place && (object = cached(loose_key))) {
      if (object->type() == type) return object;
    } else if (folders_.loose().may_have(id) || !place) {
      object = read_loose(id, is_loose);
    }
    if (object) keep(loose_key, object);
    if (!object && !is_loose && place) last_fault_ = fault;
    if (!object && !is_loose && !place) {
      // It may have come, or moved to a pack, since the clone was opened.
      if (folders_.refresh() && (place = folders_.find(id))) object = unpack(*place);
      if (!place) last_fault_ = "missing";
    }
  }
  if (object && object->type() != type) {
    last_fault_ = "of another type than expected";
    return nullptr;
  }
  if (!object && faulty_.size() < 1'000'000) faulty_.emplace(id, last_fault_);
  return object;
}

std::optional<ObjectStore::Header> ObjectStore::packed_header(const ObjectFolders::Place& place) {
  ObjectFolders::Place at = place;
  std::optional<std::uint64_t> size;
  for (std::size_t depth = 0; depth < kLongestChain; ++depth) {
    const auto entry = place.pack->entry(at.offset, last_fault_);
    if (!entry) return std::nullopt;
    if (entry->type) return Header{*entry->type, size.value_or(entry->size)};
    if (!size) {
      std::string delta(entry->size, '\0');
      if (!place.pack->inflate(*entry, delta.data())) return std::nullopt;
      const DeltaReader reader(delta);
      if (!reader.ok()) return std::nullopt;
      size = reader.result_size();
    }
    at.offset = entry->base;
  }
  return std::nullopt;
}

std::optional<ObjectStore::Header> ObjectStore::header(const ObjectId& original) {
  const ObjectId& id = folders_.replaced(original);
  // A damaged header may still look like one: where several packs have the object they must agree, or it is read.
  const auto places = folders_.find_all(id);
  std::optional<Header> first;
  bool agree = !places.empty();
  for (const auto& place : places) {
    const auto header = packed_header(place);
    if (!first) first = header;
    agree = agree && header && header->type == first->type && header->size == first->size;
  }
  if (agree) return first;
  for (const auto& place : places)
    if (const auto object = unpack(place)) return Header{object->type(), object->bytes().size()};
  if (const auto object = folders_.loose().read(id, true); object && !object->damaged)
    return Header{object->type, object->size};
  return std::nullopt;
}

std::optional<std::uint64_t> ObjectStore::size(const ObjectId& id) {
  const auto found = header(id);
  return found ? std::optional(found->size) : std::nullopt;
}

std::optional<ObjectType> ObjectStore::type(const ObjectId& id) {
  const auto found = header(id);
  return found ? std::optional(found->type) : std::nullopt;
}

}  // namespace resident::git
