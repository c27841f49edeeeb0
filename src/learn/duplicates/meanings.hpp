// What an embedding model says of a project's issues (text/embedding.hpp), where the configuration names one: made
// once for a text and kept in the store (table embedding), by the item, the text and the model; with another text or
// another model it is made anew. In a store that may only be read nothing is kept, and all is made each time.
#pragma once

#include <framework/analysis.hpp>
#include <memory>
#include <string>
#include <text/embedding.hpp>
#include <text/item_index.hpp>
#include <vector>

namespace resident::duplicates {

class Meanings {
 public:
  // Null where no model is configured. Throws Error where one is and its files can't be read.
  static std::unique_ptr<Meanings> open(const Context& context);

  // One for each item, in their order: of its title and the start of its text. Those that are missing are made, with
  // progress on stderr, and kept some hundred at a time, so that what is interrupted goes on from there. Throws Error
  // where the model doesn't work.
  std::vector<text::Meaning> of(const std::vector<text::ItemText>& items) const;
  text::Meaning of(const text::ItemText& item) const { return of(std::vector{item}).front(); }

  // What tells this model, with its settings, from any other; for a basis (framework/learnt.hpp).
  const std::string& name() const { return name_; }
  // That it took part, as a sentence that follows others.
  std::string told() const;

 private:
  explicit Meanings(const Context& context);
  const EmbeddingRules& rules() const { return context_.config.embedding; }

  Context context_;
  std::string name_;
};

}  // namespace resident::duplicates
