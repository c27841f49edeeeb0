#include "simulate/source_tree.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "simulate/vocabulary.hpp"

namespace resident::simulation {

namespace {

using Block = std::shared_ptr<const std::string>;
constexpr std::size_t kMostBlocks = 24;

// One line of a block, with the words of the file's module.
std::string line_of(FileKind kind, std::uint8_t module, std::uint8_t noun, Random& random) {
  const auto& nouns = modules()[module].nouns;
  const std::string_view self = nouns[noun], other = nouns[random.below(kNounsPerModule)],
                         third = nouns[random.below(kNounsPerModule)];
  const std::string_view verb = random.pick(verbs());
  const std::size_t number = random.below(1000);
  switch (kind) {
    case FileKind::prose:
      switch (random.below(5)) {
        case 0:
          return fmt::format("The {} of a {} may be set before it is used to {} the {}.", other, self, verb, third);
        case 1:
          return fmt::format("Use :func:`{}_{}` where more than {} entries are expected.", verb, other, number);
        case 2:
          return fmt::format("   >>> {}.{}({}={})", self, verb, other, number);
        case 3:
          return fmt::format("It is an error to {} a {} twice; see also :ref:`{}`.", verb, self, third);
        default:
          return fmt::format("* ``{}``: the {} to {}, {} by default", other, third, verb, number);
      }
    case FileKind::test:
      switch (random.below(4)) {
        case 0:
          return fmt::format("    assert {}.{}({}) == {}", self, verb, number, random.below(1000));
        case 1:
          return fmt::format("    {} = make_{}({}={})", other, self, third, number);
        case 2:
          return fmt::format("    with raises({}):\n        {}.{}(None)", random.pick(errors()), self, verb);
        default:
          return fmt::format("    {}.{} = {}", self, other, number);
      }
    case FileKind::build:
      return random.chance(0.5) ? fmt::format("{}_{} = {}", other, verb, number)
                                : fmt::format("    - run: {} --{} {} --limit {}", verb, other, third, number);
    default:
      switch (random.below(8)) {
        case 0:
          return fmt::format("    {} = self._{}.{}({})", other, third, verb, number);
        case 1:
          return fmt::format("    if {} is None:\n        raise {}(\"missing {}\")", other, random.pick(errors()),
                             third);
        case 2:
          return fmt::format("    for {} in {}.{}s({}):\n        {}.{}()", other, self, third, number, other, verb);
        case 3:
          return fmt::format("    {} += {}", other, number);
        case 4:
          return fmt::format("    log.debug(\"{} %s after {}\", {})", verb, other, third);
        case 5:
          return fmt::format("    assert len({}) <= {}", other, number);
        case 6:
          return fmt::format("    with {}.lock:\n        self.{} = {}", self, third, other);
        default:
          return fmt::format("    {}.{}(timeout={}, {}={})", self, verb, number, other, third);
      }
  }
}

Block block_of(const SourceFile& file, std::string_view verb, Random& random) {
  const std::string_view noun = modules()[file.module].nouns[file.noun];
  const std::string_view other = modules()[file.module].nouns[random.below(kNounsPerModule)];
  std::string text;
  switch (file.kind) {
    case FileKind::prose: {
      text = fmt::format("To {} a {}\n", verb, noun);
      text += std::string(text.size() - 1, '-') + "\n\n";
      break;
    }
    case FileKind::test:
      text = fmt::format("def test_{}_{}_{:x}():\n    {} = make_{}()\n", verb, noun, random.below(4096), noun, noun);
      break;
    case FileKind::build:
      text = fmt::format("# {} {}\n", verb, noun);
      break;
    default:
      text = fmt::format("def {}_{}({}, {}=None):\n    \"\"\"{} the {} and its {}.\"\"\"\n", verb, noun, noun, other,
                         verb, noun, other);
  }
  const std::size_t lines = 3 + random.below(7);
  for (std::size_t i = 0; i < lines; ++i) text += line_of(file.kind, file.module, file.noun, random) + "\n";
  if (file.kind == FileKind::code) text += fmt::format("    return {}\n", other);
  text += "\n";
  if (file.kind == FileKind::code) text += "\n";
  return std::make_shared<const std::string>(std::move(text));
}

Block head_of(const SourceFile& file) {
  const Module& module = modules()[file.module];
  const std::string_view noun = module.nouns[file.noun];
  switch (file.kind) {
    case FileKind::prose: {
      const std::string title = fmt::format("{}: {}", module.name, noun);
      return std::make_shared<const std::string>(fmt::format("{}\n{}\n\n", title, std::string(title.size(), '=')));
    }
    case FileKind::test:
      return std::make_shared<const std::string>(
          fmt::format("\"\"\"Tests of {}.{}.\"\"\"\nfrom {} import {}\nfrom tests.support import make_{}, raises\n\n\n",
                      module.name, noun, kProjectName, module.name, noun));
    case FileKind::build:
      return std::make_shared<const std::string>(fmt::format("# Build: {}\n", noun));
    default:
      return std::make_shared<const std::string>(fmt::format(
          "\"\"\"{}: the {}.\"\"\"\nimport logging\n\nfrom {} import core\n\nlog = logging.getLogger(__name__)\n\n\n",
          module.name, noun, kProjectName));
  }
}

SourceFile make_file(std::string path, FileKind kind, std::uint8_t module, std::uint8_t noun, std::size_t blocks,
                     Random& random) {
  SourceFile file{std::move(path), kind, module, noun, {}};
  file.blocks.push_back(head_of(file));
  const std::size_t first = random.below(verbs().size());
  for (std::size_t i = 0; i < blocks; ++i)
    file.blocks.push_back(block_of(file, verbs()[(first + 7 * i) % verbs().size()], random));
  return file;
}

int lines_in(std::string_view text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

LineCount modify(SourceFile& file, Random& random) {
  if (file.blocks.size() < 2) return {};
  Block& block = file.blocks[1 + random.below(file.blocks.size() - 1)];
  std::string text = *block;
  std::vector<std::size_t> starts;  // of the lines after the first
  for (std::size_t at = text.find('\n'); at + 1 < text.size(); at = text.find('\n', at + 1))
    if (text[at + 1] != '\n') starts.push_back(at + 1);
  if (starts.empty()) return {};
  const std::size_t start = starts[random.below(starts.size())];
  const std::string line = line_of(file.kind, file.module, file.noun, random);
  LineCount count{lines_in(line) + 1, 1};
  text.replace(start, text.find('\n', start) - start, line);
  if (random.chance(0.4)) {  // and another line after it
    const std::string more = line_of(file.kind, file.module, file.noun, random) + "\n";
    text.insert(text.find('\n', start) + 1, more);
    count.added += lines_in(more);
  }
  block = std::make_shared<const std::string>(std::move(text));
  return count;
}

}  // namespace

std::string SourceFile::content() const {
  std::size_t size = 0;
  for (const Block& block : blocks) size += block->size();
  std::string text;
  text.reserve(size);
  for (const Block& block : blocks) text += *block;
  return text;
}

LineCount apply(SourceFile& file, const Edit& edit) {
  Random random(edit.seed);
  if (edit.kind == EditKind::rename) {
    const std::size_t dot = file.path.rfind('.');
    static constexpr const char* kSuffixes[] = {"_base", "_impl", "_helpers", "_support", "_common"};
    std::string stem = file.path.substr(0, dot);
    for (const char* suffix : kSuffixes)  // a file renamed before gets its old name back
      if (stem.ends_with(suffix)) {
        file.path = stem.substr(0, stem.size() - std::string_view(suffix).size()) + file.path.substr(dot);
        return modify(file, random);
      }
    file.path = stem + random.pick(kSuffixes) + file.path.substr(dot);
    return modify(file, random);
  }
  const bool full = file.blocks.size() > kMostBlocks;
  if ((edit.kind == EditKind::remove && file.blocks.size() > 6) ||
      (edit.kind == EditKind::insert && full && random.chance(0.3))) {
    const auto victim = file.blocks.begin() + 1 + static_cast<std::ptrdiff_t>(random.below(file.blocks.size() - 1));
    const LineCount count{0, lines_in(**victim)};
    file.blocks.erase(victim);
    return count;
  }
  if (edit.kind == EditKind::insert && !full) {
    Block block = block_of(file, random.pick(verbs()), random);
    const LineCount count{lines_in(*block), 0};
    file.blocks.insert(file.blocks.begin() + 1 + static_cast<std::ptrdiff_t>(random.below(file.blocks.size())),
                       std::move(block));
    return count;
  }
  return modify(file, random);
}

LineCount estimate(const Edit& edit) {
  const int size = static_cast<int>(edit.seed % 10);
  switch (edit.kind) {
    case EditKind::insert:
      return {9 + size, 0};
    case EditKind::remove:
      return {0, 9 + size};
    case EditKind::create:
      return {40 + 5 * size, 0};
    default:
      return {1 + size / 4, 1};
  }
}

SourceTree::SourceTree(std::uint64_t seed) {
  Random random(seed, Purpose::tree);
  for (std::uint8_t m = 0; m < modules().size(); ++m) {
    const Module& module = modules()[m];
    first_file_.push_back(static_cast<std::uint32_t>(files_.size()));
    for (std::uint8_t n = 0; n < kFilesPerModule; ++n) {
      const std::string_view noun = module.nouns[n];
      const std::size_t blocks = 3 + random.below(9);
      switch (module.kind) {
        case ModuleKind::code:
          add(make_file(fmt::format("{}/{}.py", module.name, noun), FileKind::code, m, n, blocks, random));
          break;
        case ModuleKind::docs:
          add(make_file(fmt::format("docs/{}.rst", noun), FileKind::prose, m, n, blocks, random));
          break;
        case ModuleKind::tests:
          add(make_file(fmt::format("tests/support/{}.py", noun), FileKind::code, m, n, blocks, random));
          break;
        case ModuleKind::build:
          add(make_file(fmt::format("build/{}.{}", noun, n % 2 == 0 ? "cmake" : "yml"), FileKind::build, m, n, blocks,
                        random));
      }
    }
  }
  for (std::uint8_t m = 0; m < modules().size(); ++m) {
    const Module& module = modules()[m];
    first_test_.push_back(static_cast<std::uint32_t>(files_.size()));
    if (module.kind != ModuleKind::code) continue;
    for (std::uint8_t n = 0; n < kFilesPerModule; ++n)
      add(make_file(fmt::format("tests/{}/test_{}.py", module.name, module.nouns[n]), FileKind::test, m, n,
                    2 + random.below(6), random));
    add(make_file(fmt::format("docs/library/{}.rst", module.name), FileKind::prose, m, 0, 3 + random.below(5), random));
  }
}

std::uint32_t SourceTree::main_file(const Topic& topic) const {
  return first_file_[topic.module] + static_cast<std::uint32_t>(topic.noun % kFilesPerModule);
}

std::uint32_t SourceTree::test_file(const Topic& topic) const {
  if (modules()[topic.module].kind != ModuleKind::code) return main_file(topic);
  return first_test_[topic.module] + static_cast<std::uint32_t>(topic.noun % kFilesPerModule);
}

std::uint32_t SourceTree::docs_file(std::uint8_t module) const {
  if (modules()[module].kind != ModuleKind::code) return first_file_[14];
  return first_test_[module] + static_cast<std::uint32_t>(kFilesPerModule);
}

SourceFile SourceTree::created(const Topic& topic, std::uint64_t seed) const {
  Random random(seed);
  const Module& module = modules()[topic.module];
  const std::string_view verb = random.pick(verbs());
  const auto path =
      module.kind == ModuleKind::docs    ? fmt::format("docs/{}_{}.rst", verb, module.nouns[topic.noun])
      : module.kind == ModuleKind::build ? fmt::format("build/{}_{}.cmake", verb, module.nouns[topic.noun])
      : module.kind == ModuleKind::tests ? fmt::format("tests/support/{}_{}.py", verb, module.nouns[topic.noun])
                                         : fmt::format("{}/{}_{}.py", module.name, verb, module.nouns[topic.noun]);
  const FileKind kind = module.kind == ModuleKind::docs    ? FileKind::prose
                        : module.kind == ModuleKind::build ? FileKind::build
                                                           : FileKind::code;
  return make_file(path, kind, topic.module, topic.noun, 2 + random.below(6), random);
}

std::optional<std::uint32_t> SourceTree::find(const std::string& path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? std::nullopt : std::optional(found->second);
}

std::uint32_t SourceTree::add(SourceFile file) {
  const auto id = static_cast<std::uint32_t>(files_.size());
  by_path_.emplace(file.path, id);
  files_.push_back(std::move(file));
  return id;
}

void SourceTree::renamed(std::uint32_t file, const std::string& old_path) {
  by_path_.erase(old_path);
  by_path_[files_[file].path] = file;
}

}  // namespace resident::simulation
