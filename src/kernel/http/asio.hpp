#pragma once

// Inside kernel/http only; every file that uses Asio must see the same macro, so it includes this first.
// Asio is compiled once, in asio.cpp.
#define BOOST_ASIO_SEPARATE_COMPILATION

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
