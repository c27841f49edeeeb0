// What the store holds under a key, asked for when it is needed. The first questions are put to the store one by one;
// after kQuestions of them the table is read at once. So the sync of a whole project pays one scan, and a webhook's
// comment on a project of any size a handful of lookups. What was set or erased here counts, whether or not it is
// written yet. For one thread.
#pragma once

#include <base/error.hpp>
#include <optional>
#include <store/database.hpp>
#include <string>
#include <unordered_map>
#include <utility>

namespace resident {

template <class Key, class Mapped>
class KnownKeys {
 public:
  static constexpr int kQuestions = 500;

  // all: a query of keys and what stands under them; one: of what stands under :key alone. What the store fails at is
  // thrown, and kept in `failure`.
  KnownKeys(Database& database, std::optional<Error>& failure, std::string all, std::string one, Parameters parameters)
      : database_(database),
        failure_(failure),
        all_(std::move(all)),
        one_(std::move(one)),
        parameters_(std::move(parameters)) {}

  // nullptr: nothing stands there. Good until the next call that is not const.
  const Mapped* find(const Key& key) const {
    auto found = known_.find(key);
    if (found == known_.end()) {
      if (has_all_) return nullptr;
      if (++questions_ > kQuestions) {
        read_all();
        found = known_.find(key);
        if (found == known_.end()) return nullptr;
      } else {
        found = known_.emplace(key, ask(key)).first;
      }
    }
    return found->second ? &*found->second : nullptr;
  }
  bool contains(const Key& key) const { return find(key) != nullptr; }
  void set(const Key& key, Mapped mapped) { known_[key] = std::move(mapped); }
  void erase(const Key& key) { known_[key] = std::nullopt; }

  // Calls each(key, mapped) for all of them, in no order.
  template <class Each>
  void for_each(const Each& each) const {
    read_all();
    for (const auto& [key, mapped] : known_)
      if (mapped) each(key, *mapped);
  }

 private:
  static Mapped mapped_of(Rows& row, int column) {
    if constexpr (std::is_same_v<Mapped, std::string>)
      return row.string(column);
    else
      return row.integer(column);
  }

  std::optional<Mapped> ask(const Key& key) const try {
    Parameters parameters = parameters_;
    parameters.emplace_back("key", key);
    const auto rows = database_.query(one_, parameters);
    return rows->next() ? std::optional(mapped_of(*rows, 0)) : std::nullopt;
  } catch (const Error& error) {
    failure_ = error;
    throw;
  }

  void read_all() const try {
    if (has_all_) return;
    for (const auto rows = database_.query(all_, parameters_); rows->next();) {
      if constexpr (std::is_same_v<Key, std::string>)
        known_.emplace(rows->string(0), mapped_of(*rows, 1));
      else
        known_.emplace(rows->integer(0), mapped_of(*rows, 1));
    }
    has_all_ = true;
  } catch (const Error& error) {
    failure_ = error;
    throw;
  }

  Database& database_;
  std::optional<Error>& failure_;
  std::string all_, one_;
  Parameters parameters_;
  mutable std::unordered_map<Key, std::optional<Mapped>> known_;
  mutable int questions_ = 0;
  mutable bool has_all_ = false;
};

}  // namespace resident
