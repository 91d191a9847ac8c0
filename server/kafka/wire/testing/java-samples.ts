// Bytes written by Kafka 4.3.1's own Java classes (MemoryRecords, EndTransactionMarker, the generated protocol messages): what our code must agree with.

/**
 * Three records at offsets 5,000,000,000 to …002, leader epoch 9, producer 77, epoch 3, base sequence 2^31−2, transactional:
 * (t 1,700,000,000,000, "k1", "value one value one value one"), (one second earlier, null, "second", headers h=x, h=null), (500 ms later, "k3", null).
 */
export const javaBatches = {
  none: 'AAAAASoF8gAAAAB2AAAACQJ1FtEbABAAAAACAAABi8/laAAAAAGLz+Vp9AAAAAAAAABNAAN////+AAAAA0oAAAAEazE6dmFsdWUgb25lIHZhbHVlIG9uZSB2YWx1ZSBvbmUAKADPDwIBDHNlY29uZAQCaAJ4AmgBEgDoBwQEazMBAA==',
  gzip: 'AAAAASoF8gAAAAB5AAAACQINFCfNABEAAAACAAABi8/laAAAAAGLz+Vp9AAAAAAAAABNAAN////+AAAAAx+LCAAAAAAAAP/zYmBgYMk2tCpLzClNVcjPS1XAwmLQYDjPz8TIU5yanJ+XwsKUwVTBlMEoxPCCnYUl25iRAQBC+yoFRQAAAA==',
  snappy:
    'AAAAASoF8gAAAAB9AAAACQL7usGYABIAAAACAAABi8/laAAAAAGLz+Vp9AAAAAAAAABNAAN////+AAAAA4JTTkFQUFkAAAAAAQAAAAEAAAA4RURKAAAABGsxOnZhbHVlIG9uZSBKCgB8ACgAzw8CAQxzZWNvbmQEAmgCeAJoARIA6AcEBGszAQA=',
  lz4: 'AAAAASoF8gAAAAB5AAAACQIVSXDiABMAAAACAAABi8/laAAAAAGLz+Vp9AAAAAAAAABNAAN////+AAAAAwQiTRhgQII5AAAA/wNKAAAABGsxOnZhbHVlIG9uZSAKAADwEQAoAM8PAgEMc2Vjb25kBAJoAngCaAESAOgHBARrMwEAAAAAAA==',
  zstd: 'AAAAASoF8gAAAAB2AAAACQKXg6SSABQAAAACAAABi8/laAAAAAGLz+Vp9AAAAAAAAABNAAN////+AAAAAyi1L/0AWMwBACQDSgAAAARrMTp2YWx1ZSBvbmUgACgAzw8CAQxzZWNvbmQEAmgCeAJoARIA6AcEBGszAQABAJqUMAEAAA==',
} as const;

/** Ten records of 10,000 times the letter a, key null, offsets 0 to 9: more than one block of snappy and lz4. */
export const javaLargeBatches = {
  gzip: 'AAAAAAAAAAAAAAEBAAAAAAKJ/RDXAAEAAAAJAAABi8/laAAAAAGLz+VoCf//////////////////AAAACh+LCAAAAAAAAP/t2tEJhEAQBbBZERERETu8vvbjSrBEYcp4JHXknaOqxn+OHwAAAAAAAAAAAASod45aFjUOAAAAAAAAAACAFF3j1lWNAwAAAAAAAAAAIEXXuG1T4wAAAAAAAAAAAEjRNW7f1TgAAAAAAAAAAABSdI07DjUOAAAAAAAAAACAFF3jzlONAwAAAAAAAAAAIEXXuOtS4wAAAAAAAAAAAEjRNe6+1TgAAAAAAAAAAABSdI17HjUOAAAAAAAAAACAFPUByTiCwg6HAQA=',
  lz4: 'AAAAAAAAAAAAAAIyAAAAAAKRQ8UiAAMAAAAJAAABi8/laAAAAAGLz+VoCf//////////////////AAAACgQiTRhgQII8AQAAv7CcAQAAAAGgnAFhAQD///////////////////////////////////////////////////8jEAAbJy8CAhsn////////////////////////////////////////////////////LS8EBBsn////////////////////////////////////////////////////LS8GBhsn////////////////////////////////////////////////////LS8ICBsn////////////////////////////////////////////////////LS8KChsn////////////////////////////////////////////////////LS8MDBsn////////////////////////////VVBhYWFhYbIAAAAfYQEA//////////////////////+5vwCwnAEADg4BoJwBxhH//////////////////////7kPAgD///////////////////////////9XARsnLxAQGyf///////////////////////////////////////////////////8tLxISGyf///////////////////////////////////////////////////8kUGFhYWEAAAAAAA==',
  zstd: 'AAAAAAAAAAAAAACDAAAAAAIBdx0rAAQAAAAJAAABi8/laAAAAAGLz+VoCf//////////////////AAAACii1L/0AWDQCACQCsJwBAAAAAaCcAWEAsJwBAAICBAQGBggICgoMDA4OEBASEgoEMRIHYIsDsMUB2OIAbHEAtjgAWxyALQ7AFsfjVMNwgBcBAAA=',
} as const;

/** Control batches of producer 77, epoch 3, coordinator epoch 4. */
export const javaMarkers = {
  abort:
    'AAAAAAAAAHsAAABCAAAACQJ1KIiGADAAAAAAAAABi8/laAAAAAGLz+VoAAAAAAAAAABNAAP/////AAAAASAAAAAIAAAAAAwAAAAAAAQA',
  commit:
    'AAAAAAAAAHwAAABCAAAACQKBFl7OADAAAAAAAAABi8/laAAAAAGLz+VoAAAAAAAAAABNAAP/////AAAAASAAAAAIAAAAAQwAAAAAAAQA',
} as const;

/** Two records, a=b and c=d, at offsets 7 and 8 of a topic with message.timestamp.type=LogAppendTime; append time 1,700,000,009,999. */
export const javaLogAppendTime =
  'AAAAAAAAAAcAAABDAAAAAAJ4zRayAAgAAAABAAAAAAAAAAEAAAGLz+WPD///////////////////AAAAAhAAAAACYQJiABAAAgICYwJkAA==';
