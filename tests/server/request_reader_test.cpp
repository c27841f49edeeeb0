#include <gtest/gtest.h>

#include <server/request_reader.hpp>

namespace resident::server {
namespace {

using State = RequestReader::State;
const std::string kHost = "Host: 127.0.0.1\r\n";

// A request whole, read in pieces of that size.
RequestReader read(const std::string& bytes, std::size_t piece, std::size_t limit) {
  RequestReader reader;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.put(std::string_view(bytes).substr(at, piece));
    if (reader.state() == State::decide) reader.take_body(limit);
  }
  return reader;
}

TEST(RequestReader, ReadsTheSameHoweverTheBytesCome) {
  const std::string form =
      "POST /plan?a=1 HTTP/1.1\r\n" + kHost + "X-Thing: one\r\nContent-Length: 11\r\n\r\nhello world";
  const std::string pieces =
      "POST /plan?a=1 HTTP/1.1\r\n" + kHost +
      "X-Thing: one\r\nTransfer-Encoding: chunked\r\n\r\n5;note=x\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
  // With the empty line that some clients send behind the request before.
  for (const auto& bytes : {form, pieces, "\r\n" + form})
    for (const std::size_t piece : {1u, 2u, 7u, 64u, 4096u}) {
      RequestReader reader = read(bytes, piece, 11);
      ASSERT_EQ(reader.state(), State::complete) << piece;
      EXPECT_EQ(reader.request().body, "hello world");
      EXPECT_EQ(reader.request().method, "POST");
      EXPECT_EQ(reader.request().target, "/plan?a=1");
      EXPECT_EQ(reader.request().header("x-THING"), "one");
      EXPECT_TRUE(reader.request().keep_alive);
    }
}

// Wherever the connection cuts: line ends of the body are none of the head's.
TEST(RequestReader, KnowsTheHeadsEndInTwoPieces) {
  const std::string bytes = "POST /plan HTTP/1.1\r\n" + kHost + "Content-Length: 13\r\n\r\n{\n \"a\": 1\n}\n\n";
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    RequestReader reader;
    for (const auto& piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
      reader.put(piece);
      if (reader.state() == State::decide) reader.take_body(100);
    }
    EXPECT_EQ(reader.state(), State::complete) << cut;
    EXPECT_EQ(reader.request().body.size(), 13u) << cut;
  }
}

TEST(RequestReader, ReadsNothingOfABodyBeforeItIsDecided) {
  RequestReader reader;
  EXPECT_EQ(reader.put("POST / HTTP/1.1\r\n" + kHost + "Content-Length: 5\r\n\r\nhello"), State::decide);
  EXPECT_EQ(reader.body_size(), 0u);
  EXPECT_EQ(reader.take_body(4), State::broken);
  EXPECT_EQ(reader.refusal().status, kTooLarge);
}

TEST(RequestReader, LimitsABodyInPieces) {
  const std::string head = "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n";
  std::string many;
  for (int i = 0; i < 20; ++i) many += "1\r\nx\r\n";
  EXPECT_EQ(read(head + many + "0\r\n\r\n", 5, 20).state(), State::complete);
  EXPECT_EQ(read(head + many + "0\r\n\r\n", 5, 19).state(), State::broken);
  EXPECT_EQ(read(head + many, 5, 19).refusal().status, kTooLarge);
  // A large piece is refused by its length, before it is there.
  EXPECT_EQ(read(head + "10\r\n", 5, 15).refusal().status, kTooLarge);
  EXPECT_EQ(read(head + "fffffffffffffffff\r\n", 5, 15).state(), State::broken);
  EXPECT_EQ(read(head + "-1\r\n", 5, 15).state(), State::broken);
  EXPECT_EQ(read(head + "1;" + std::string(2 * kLargestHead, 'e'), 100, 15).state(), State::broken);
}

TEST(RequestReader, LimitsTheHead) {
  const std::string start = "GET / HTTP/1.1\r\n" + kHost;
  const auto with = [&](std::size_t size) {
    std::string head = start;
    while (head.size() + 1002 <= size) head += "X: " + std::string(995, 'x') + "\r\n";
    return head + "Y: " + std::string(size - head.size() - 7, 'y') + "\r\n\r\n";
  };
  ASSERT_EQ(with(kLargestHead).size(), kLargestHead);
  for (const std::size_t piece : {1u, 1000u, 100000u}) {
    EXPECT_EQ(read(with(kLargestHead), piece, 0).state(), State::complete) << piece;
    EXPECT_EQ(read(with(kLargestHead + 1), piece, 0).refusal().status, kTooManyFields) << piece;
    EXPECT_EQ(read(std::string(kLargestHead + 1, 'G'), piece, 0).state(), State::broken) << piece;
    EXPECT_EQ(read("GET /" + std::string(kLargestHead, 'x'), piece, 0).refusal().status, kTooManyFields) << piece;
  }
}

TEST(RequestReader, RefusesWhatIsNoRequest) {
  for (const char* bytes :
       {"\x16\x03\x01\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET / HTTP/1.1\nHost: x\n\n",
        "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "GET / HTTP/1.1\r\nbad name: x\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"}) {
    const RequestReader reader = read(bytes, 3, 100);
    EXPECT_EQ(reader.state(), State::broken) << bytes;
    EXPECT_EQ(reader.refusal().status, kBadRequest) << bytes;
  }
}

TEST(RequestReader, KeepsWhatComesBehind) {
  RequestReader reader("GET /a HTTP/1.1\r\n" + kHost + "\r\nGET /b HTTP/1.0\r\n" + kHost + "\r\n");
  ASSERT_EQ(reader.state(), State::decide);
  EXPECT_EQ(reader.take_body(0), State::complete);
  RequestReader next(reader.take_rest());
  ASSERT_EQ(next.state(), State::decide);
  EXPECT_EQ(next.request().target, "/b");
  EXPECT_FALSE(next.request().keep_alive);
  EXPECT_EQ(next.take_body(0), State::complete);
  EXPECT_TRUE(RequestReader(next.take_rest()).is_idle());
}

// The parser adds them to the head's; a head that was judged stays what it was.
TEST(RequestReader, TakesNoFieldsFromBehindTheBody) {
  RequestReader reader = read(
      "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Late: one\r\n\r\n", 5, 10);
  ASSERT_EQ(reader.state(), State::complete);
  EXPECT_EQ(reader.request().header("X-Late"), "");
}

Request with_headers(Fields headers, bool is_chunked = false) {
  Request request;
  request.method = "POST";
  request.target = "/plan";
  request.headers = std::move(headers);
  request.is_chunked = is_chunked;
  return request;
}

TEST(Head, IsRefusedForWhatCannotBeBounded) {
  EXPECT_FALSE(check_head(with_headers({})));
  EXPECT_FALSE(check_head(with_headers({{"Transfer-Encoding", "chunked"}}, true)));
  EXPECT_FALSE(check_head(with_headers({{"Content-Encoding", "identity"}, {"Expect", "100-Continue"}})));
  EXPECT_EQ(check_head(with_headers({{"Content-Encoding", "gzip"}}))->status, kUnsupported);
  EXPECT_EQ(check_head(with_headers({{"Transfer-Encoding", "gzip, chunked"}}, true))->status, kNotImplemented);
  EXPECT_EQ(check_head(with_headers({{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "x"}}, true))->status,
            kNotImplemented);
  EXPECT_EQ(check_head(with_headers({{"Transfer-Encoding", "chunked"}, {"Content-Length", "5"}}, true))->status,
            kBadRequest);
  EXPECT_EQ(check_head(with_headers({{"Expect", "a miracle"}}))->status, kUnmetExpectation);
  Request far = with_headers({});
  far.target = "/" + std::string(9000, 'x');
  EXPECT_EQ(check_head(far)->status, kTooLongAddress);
}

TEST(Target, IsDecodedOnce) {
  Request request;
  request.target = "/item/%31%32?project=a%26b+c&project=d&x=%2541&empty&=y&&";
  ASSERT_TRUE(read_target(request));
  EXPECT_EQ(request.path, "/item/12");
  EXPECT_EQ(request.parameter("project"), "a&b c");
  EXPECT_EQ(request.parameter("x"), "%41");
  EXPECT_EQ(request.parameter("empty"), "");
  EXPECT_EQ(request.parameter("none"), "");
  for (const char* target : {"", "x", "*", "http://127.0.0.1/", "/%", "/%4", "/%zz", "/%00", "/?a=%", "/?a=%00"}) {
    request.target = target;
    EXPECT_FALSE(read_target(request)) << target;
  }
  std::string many;
  for (int i = 0; i < 101; ++i) many += "a=1&";
  EXPECT_FALSE(read_fields(many));
}

}  // namespace
}  // namespace resident::server
