//! Statements that either engine runs: one text with `?`, its values, and rows that are read the same way.
//!
//! Text that is not a literal is put together by a [`Builder`], which takes values by binding alone.

use std::{borrow::Cow, fmt, marker::PhantomData};

use sqlx::{
    AssertSqlSafe, Database, Encode, IntoArguments, MySql, Sqlite, Type, mysql::MySqlRow, query::Query,
    sqlite::SqliteRow,
};
use uuid::Uuid;

use super::{
    StoreError,
    engine::{Connection, Link},
};

/// A value to bind: an integer of 64 bits, text, bytes, or an id of 16 bytes.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
    Id(Uuid),
}

macro_rules! value_from {
    ($($from:ty => $make:expr),+ $(,)?) => {
        $(impl From<$from> for Value {
            fn from(value: $from) -> Self {
                $make(value)
            }
        })+
    };
}

value_from! {
    bool => Value::Bool,
    i64 => Value::Integer,
    i32 => |value: i32| Value::Integer(value.into()),
    u32 => |value: u32| Value::Integer(value.into()),
    String => Value::Text,
    &String => |value: &String| Value::Text(value.clone()),
    &str => |value: &str| Value::Text(value.to_owned()),
    Vec<u8> => Value::Bytes,
    &Vec<u8> => |value: &Vec<u8>| Value::Bytes(value.clone()),
    &[u8] => |value: &[u8]| Value::Bytes(value.to_vec()),
    Uuid => Value::Id,
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// What both engines' rows can be read as.
pub trait FromRow:
    for<'r> sqlx::FromRow<'r, SqliteRow> + for<'r> sqlx::FromRow<'r, MySqlRow> + Send + Unpin
{
}

impl<T> FromRow for T where
    T: for<'r> sqlx::FromRow<'r, SqliteRow> + for<'r> sqlx::FromRow<'r, MySqlRow> + Send + Unpin
{
}

/// A statement that answers no rows.
pub fn query(text: &'static str) -> Statement<()> {
    Statement::new(text.into(), Vec::new())
}

/// A statement whose rows are read as `T`.
pub fn query_as<T>(text: &'static str) -> Statement<T> {
    Statement::new(text.into(), Vec::new())
}

/// A statement whose rows have one column.
pub fn query_scalar<T>(text: &'static str) -> Scalar<T> {
    Scalar(query_as(text))
}

pub struct Statement<T> {
    text: Cow<'static, str>,
    values: Vec<Value>,
    rows: PhantomData<fn() -> T>,
}

impl<T> Statement<T> {
    fn new(text: Cow<'static, str>, values: Vec<Value>) -> Self {
        Self { text, values, rows: PhantomData }
    }

    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Answers how many rows it wrote or found to be written already.
    pub async fn execute(self, connection: &mut Connection) -> Result<u64, StoreError> {
        let (meter, text) = (connection.meter(), self.text.clone());
        let run = async {
            Ok::<_, sqlx::Error>(match connection.link() {
                Link::Sqlite(link) => sqlite(self.text, self.values).execute(link).await?.rows_affected(),
                Link::MariaDb(link) => mariadb(self.text, self.values).execute(link).await?.rows_affected(),
            })
        };
        meter.measure(text, run).await
    }
}

impl<T: FromRow> Statement<T> {
    pub async fn fetch_all(self, connection: &mut Connection) -> Result<Vec<T>, StoreError> {
        let (meter, text) = (connection.meter(), self.text.clone());
        let run = async {
            match connection.link() {
                Link::Sqlite(link) => read(&sqlite(self.text, self.values).fetch_all(link).await?),
                Link::MariaDb(link) => read(&mariadb(self.text, self.values).fetch_all(link).await?),
            }
        };
        meter.measure(text, run).await
    }

    pub async fn fetch_optional(self, connection: &mut Connection) -> Result<Option<T>, StoreError> {
        let (meter, text) = (connection.meter(), self.text.clone());
        let run = async {
            match connection.link() {
                Link::Sqlite(link) => first(sqlite(self.text, self.values).fetch_optional(link).await?),
                Link::MariaDb(link) => first(mariadb(self.text, self.values).fetch_optional(link).await?),
            }
        };
        meter.measure(text, run).await
    }

    /// Errors: no row.
    pub async fn fetch_one(self, connection: &mut Connection) -> Result<T, StoreError> {
        Ok(self.fetch_optional(connection).await?.ok_or(sqlx::Error::RowNotFound)?)
    }
}

/// A [`Statement`] of one column.
pub struct Scalar<T>(Statement<(T,)>);

impl<T> Scalar<T>
where
    (T,): FromRow,
{
    #[must_use]
    pub fn bind(self, value: impl Into<Value>) -> Self {
        Self(self.0.bind(value))
    }

    pub async fn fetch_all(self, connection: &mut Connection) -> Result<Vec<T>, StoreError> {
        Ok(self.0.fetch_all(connection).await?.into_iter().map(|(value,)| value).collect())
    }

    pub async fn fetch_optional(self, connection: &mut Connection) -> Result<Option<T>, StoreError> {
        Ok(self.0.fetch_optional(connection).await?.map(|(value,)| value))
    }

    /// Errors: no row.
    pub async fn fetch_one(self, connection: &mut Connection) -> Result<T, StoreError> {
        Ok(self.0.fetch_one(connection).await?.0)
    }
}

/// Puts a statement together whose text depends on what is asked.
pub struct Builder {
    text: String,
    values: Vec<Value>,
}

impl Builder {
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Text of ours, never of a caller.
    pub fn push(&mut self, text: impl fmt::Display) -> &mut Self {
        use fmt::Write;
        write!(self.text, "{text}").expect("writing to a string");
        self
    }

    pub fn push_bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.text.push('?');
        self.values.push(value.into());
        self
    }

    /// `?, ?, ?)`: closes the parenthesis. An empty list is not valid everywhere: callers look first.
    pub fn push_list(&mut self, values: impl IntoIterator<Item = impl Into<Value>>) -> &mut Self {
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            self.push_bind(value);
        }
        self.push(")")
    }

    pub fn build(self) -> Statement<()> {
        self.build_as()
    }

    pub fn build_as<T>(self) -> Statement<T> {
        Statement::new(self.text.into(), self.values)
    }

    pub fn build_scalar<T>(self) -> Scalar<T> {
        Scalar(self.build_as())
    }

    /// The same statement behind words such as `EXPLAIN`.
    #[must_use]
    pub fn after(mut self, words: &str) -> Self {
        self.text = format!("{words} {}", self.text);
        self
    }
}

type Prepared<DB> = Query<'static, DB, <DB as Database>::Arguments>;

fn sqlite(text: Cow<'static, str>, values: Vec<Value>) -> Prepared<Sqlite> {
    bound(text, values)
}

fn mariadb(text: Cow<'static, str>, values: Vec<Value>) -> Prepared<MySql> {
    bound(text, values)
}

/// The text is a literal or a builder's.
fn bound<DB>(text: Cow<'static, str>, values: Vec<Value>) -> Prepared<DB>
where
    DB: Database,
    DB::Arguments: IntoArguments<DB>,
    for<'q> bool: Encode<'q, DB> + Type<DB>,
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> Option<i64>: Encode<'q, DB> + Type<DB>,
    for<'q> String: Encode<'q, DB> + Type<DB>,
    for<'q> Vec<u8>: Encode<'q, DB> + Type<DB>,
    for<'q> Uuid: Encode<'q, DB> + Type<DB>,
{
    values.into_iter().fold(sqlx::query(AssertSqlSafe(text)), |query, value| match value {
        Value::Null => query.bind(None::<i64>),
        Value::Bool(value) => query.bind(value),
        Value::Integer(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Bytes(value) => query.bind(value),
        Value::Id(value) => query.bind(value),
    })
}

fn read<T, R>(rows: &[R]) -> sqlx::Result<Vec<T>>
where
    R: sqlx::Row,
    T: for<'r> sqlx::FromRow<'r, R>,
{
    rows.iter().map(T::from_row).collect()
}

fn first<T, R>(row: Option<R>) -> sqlx::Result<Option<T>>
where
    R: sqlx::Row,
    T: for<'r> sqlx::FromRow<'r, R>,
{
    row.as_ref().map(T::from_row).transpose()
}
