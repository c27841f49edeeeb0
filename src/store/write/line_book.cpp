#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <store/line_book.hpp>
#include <store/write/tables.hpp>

namespace resident {

namespace {

constexpr std::string_view kRecord = "lines";

std::int64_t month_of(Timestamp time) {
  const CivilDate date = date_of(time);
  return std::int64_t{12} * date.year + date.month - 1;
}

void put_varint(std::string& bytes, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  bytes += static_cast<char>(value);
}

std::uint64_t take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (int shift = 0; !bytes.empty() && shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7Fu} << shift;
    if (!(byte & 0x80)) break;
  }
  return value;
}

}  // namespace

LineBook::LineBook(Writer& writer) : writer_(writer) {
  // "<sha> <time>"
  if (const auto* found = writer_.records_.find(std::string(kRecord))) {
    const std::size_t space = found->find(' ');
    tip_ = found->substr(0, space);
    if (space != std::string::npos) latest_ = std::strtoll(found->c_str() + space, nullptr, 10);
  }
  has_rows_ = !tip_.empty();
  if (!has_rows_) return;
  // Deaths of the running month may go on growing.
  const auto rows = writer_.database_.query(
      "SELECT path_id, author_id, born_month, died_month, lines FROM line_death WHERE project_id = :project AND "
      "died_month >= :month",
      {{"project", writer_.project_id_}, {"month", month_of(latest_)}});
  while (rows->next())
    deaths_[{rows->integer(0), rows->integer(1), rows->integer(2), rows->integer(3)}] = rows->integer(4);
}

void LineBook::reset() {
  writer_.flush();
  for (const std::string_view table : {"line_owner", "line_death", "line_state"})
    writer_.database_.execute(fmt::format("DELETE FROM {} WHERE project_id = :project", table),
                              {{"project", writer_.project_id_}});
  tip_.clear();
  latest_ = 0;
  has_rows_ = false;
  deaths_.clear();
}

std::uint32_t LineBook::origin_of(std::int64_t commit_id, std::int64_t author_id, Timestamp at) {
  if (!commit_id) return 0;
  const std::uint64_t key = static_cast<std::uint64_t>(commit_id) << 32 | static_cast<std::uint64_t>(author_id);
  const auto [found, is_new] = origin_by_key_.emplace(key, static_cast<std::uint32_t>(origins_.size()));
  if (is_new) origins_.push_back({commit_id, author_id, at, month_of(at)});
  return found->second;
}

std::uint32_t LineBook::origin(const std::string& sha, const PersonRecord& author, Timestamp at) {
  if (at > latest_ || !latest_month_) {
    latest_ = std::max(latest_, at);
    latest_month_ = month_of(latest_);
  }
  const auto* commit = writer_.commits_.find(sha);
  if (!commit) return 0;
  return origin_of(*commit, writer_.identity(author).value_or(0), latest_);
}

std::optional<LineBook::Runs> LineBook::load(const std::string& path) {
  if (!has_rows_) return std::nullopt;
  const auto* known = writer_.paths_.find(Writer::text(path, 4096));
  if (!known) return std::nullopt;
  const Parameters parameters{{"project", writer_.project_id_}, {"path", *known}};
  std::unordered_map<std::int64_t, std::uint32_t> origins;
  for (const auto rows = writer_.database_.query(
           "SELECT commit_id, author_id, born_at FROM line_owner WHERE project_id = :project AND path_id = :path",
           parameters);
       rows->next();)
    origins[rows->integer(0)] = origin_of(rows->integer(0), rows->integer(1), rows->integer(2));
  const auto rows = writer_.database_.query(
      "SELECT runs FROM line_state WHERE project_id = :project AND path_id = :path", parameters);
  if (!rows->next()) return std::nullopt;
  const Value value = rows->value(0);
  const auto* blob = std::get_if<Blob>(&value);
  if (!blob) return std::nullopt;
  Runs runs;
  for (std::string_view bytes = blob->bytes; !bytes.empty();) {
    const auto commit = static_cast<std::int64_t>(take_varint(bytes));
    const auto lines = static_cast<std::uint32_t>(take_varint(bytes));
    runs.emplace_back(origins[commit], lines);
  }
  return runs;
}

void LineBook::death(const std::string& path, std::uint32_t origin, std::int64_t lines) {
  const Origin& from = origins_[origin];
  if (path != death_path_ || !death_path_id_) {
    death_path_ = path;
    death_path_id_ = writer_.path_id(path);
  }
  deaths_[{death_path_id_, from.author_id, origin ? from.born_month : latest_month_, latest_month_}] += lines;
}

void LineBook::file(const std::string& path, const Runs& runs) {
  const std::int64_t path_id = writer_.path_id(path);
  if (has_rows_) {
    const Parameters parameters{{"project", writer_.project_id_}, {"path", path_id}};
    writer_.flush();
    for (const std::string_view table : {"line_owner", "line_state"})
      writer_.database_.execute(fmt::format("DELETE FROM {} WHERE project_id = :project AND path_id = :path", table),
                                parameters);
  }
  if (runs.empty()) return;
  std::string bytes;
  struct Share {
    std::uint32_t origin = 0;
    std::int64_t lines = 0, most = 0;
  };
  std::map<std::int64_t, Share> shares;  // by commit
  for (const auto& [origin, lines] : runs) {
    put_varint(bytes, static_cast<std::uint64_t>(origins_[origin].commit_id));
    put_varint(bytes, lines);
    Share& share = shares[origins_[origin].commit_id];
    share.lines += lines;
    if (lines > share.most) share.most = lines, share.origin = origin;
  }
  for (const auto& [commit_id, share] : shares) {
    const Origin& origin = origins_[share.origin];
    owners_.push_back({path_id, commit_id, origin.author_id, origin.born_at, share.lines});
  }
  states_.emplace_back(path_id, std::move(bytes));
}

void LineBook::flush(const std::string& tip) {
  const std::int64_t now = month_of(latest_);
  // In the order of the tables' keys, which is much faster to write.
  std::vector<std::pair<DeathKey, std::int64_t>> deaths(deaths_.begin(), deaths_.end());
  std::sort(deaths.begin(), deaths.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  auto& death_table = writer_.table("line_death");
  for (const auto& [key, lines] : deaths) {
    // Not all rows at once in memory.
    if (writer_.pending() > 20000) writer_.flush();
    writer_.add(death_table, writer_.project_id_, key.path_id, key.author_id, key.born_month, key.died_month, lines);
  }
  std::sort(owners_.begin(), owners_.end(), [](const OwnerRow& a, const OwnerRow& b) {
    return a.path_id != b.path_id ? a.path_id < b.path_id : a.commit_id < b.commit_id;
  });
  auto& owner_table = writer_.table("line_owner");
  for (const OwnerRow& row : owners_) {
    if (writer_.pending() > 20000) writer_.flush();
    writer_.add(owner_table, writer_.project_id_, row.path_id, row.commit_id,
                row.author_id ? Value(row.author_id) : Value(), row.born_at, row.lines);
  }
  owners_.clear();
  std::sort(states_.begin(), states_.end());
  for (auto& [path_id, runs] : states_)
    writer_.add(writer_.table("line_state"), writer_.project_id_, path_id, Blob{std::move(runs)});
  states_.clear();
  std::erase_if(deaths_, [&](const auto& each) { return each.first.died_month < now; });
  tip_ = tip;
  has_rows_ = true;
  writer_.mark(std::string(kRecord), fmt::format("{} {}", tip, latest_));
  --writer_.changed_;  // a bookmark, no news
}

}  // namespace resident
